-- Cash on delivery: what she can say, and that no order is held for ever.

local function order(fields)
  local data = { order_id = "o-1", amount = eur "79", payment_method = "cod",
                 delivery_date = "2026-01-08", items = { { count = 2, name = "lamps" } },
                 address = { street = "1 rue de la Paix", city = "Paris" } }
  for name, value in pairs(fields or {}) do data[name] = value end
  return sim.start("cod_confirmation", data)
end

-- Who answers so to each of the three questions.
local function caller(details, address, home)
  return talk { details = details, address = address, home = home }
end

describe("cod confirmation", function()
  it("starts for cash on delivery only", function()
    sim.event("order.placed", { order_id = "o-2", payment_method = "card" })
    sim.advance(hours(1))
    assert.equal(0, #sim.runs { flow = "cod_confirmation" })
  end)

  it("[S1-05][S1-11] calls within minutes, with the order held", function()
    local run = order()
    run:advance(minutes(4))
    assert.equal(1, run:acts("hold"))
    assert.equal(0, run:contacts())
    run:advance(minutes(2))
    assert.equal(1, #run:touches { channel = "voice" })
  end)

  it("[S1-12][S1-13][S1-14] confirms details, address and presence, and lets it go", function()
    sim.customer { id = "c-1", locale = "en" }
    local run = order()
    run:channel("voice"):will(caller("details_confirmed", "address_confirmed", "available"))
    run:advance(hours(1))
    assert.equal("confirmed", run:outcome("call"))
    assert.equal(1, run:acts("release"))
    assert.same({ outcome = "confirmed" }, run:recorded("cod_confirmation"))
    assert.equal("completed", run:ended())
  end)

  it("[S1-13] writes a corrected address back before it lets the order go", function()
    local run = order()
    run:channel("voice"):will(talk {
      details = "details_confirmed",
      address = { "address_corrected", new_address = "2 rue Neuve, Lyon" } })
    run:advance(hours(1))
    assert.equal("address_corrected", run:outcome("call"))
    assert.equal(1, run:acts("change_delivery"))
    assert.equal(1, run:acts("release"))
  end)

  it("[S1-14] moves the delivery to the day that she names", function()
    local run = order()
    run:channel("voice"):will(talk { details = "details_confirmed", address = "address_confirmed",
                                     home = { "not_available", slot = "2026-01-09" } })
    run:advance(hours(1))
    assert.equal("not_available", run:outcome("call"))
    assert.equal(1, run:acts("change_delivery"))
    assert.equal(1, run:acts("release"))
  end)

  it("changes nothing by guess: what was not understood is asked for by text", function()
    local run = order()
    run:channel("voice"):will(caller("details_confirmed", "address_corrected"))
    run:advance(hours(6))
    assert.equal(0, run:acts("change_delivery"))
    assert.equal(1, #run:touches { channel = "sms" })
  end)

  describe("[S1-16] cancels", function()
    it("before dispatch; then nothing is released", function()
      local run = order()
      run:channel("voice"):will(caller("cancel"))
      run:advance(days(3))
      assert.equal("done", run:outcome("cancel"))
      assert.equal(0, run:acts("release"))
      assert.equal(1, run:contacts())
    end)

    it("not what has left: she is told what to do at the door", function()
      local run = order()
      run:connector("shop"):will("cancel", "refused")
      run:channel("voice"):will(caller("cancel"))
      run:advance(days(3))
      assert.equal("refused", run:outcome("cancel"))
      assert.equal("delivered", run:outcome("shipped"))
      assert.equal(1, run:acts("release"))
    end)

    it("nothing that the shop cancelled meanwhile; the hold is undone", function()
      local run = order()
      run:advance(minutes(2))
      run:event("order.cancelled")
      run:advance(days(3))
      assert.equal("stopped", run:ended())
      assert.equal(0, run:contacts())
      assert.equal(1, run:acts("release"))
    end)
  end)

  describe("[S1-15] holds no order longer than two days", function()
    it("when nobody answers", function()
      local run = order()
      run:advance(hours(34))
      assert.equal(0, run:acts("release"))
      assert.equal(1, #run:touches { channel = "sms" })
      run:advance(hours(14))
      assert.equal(1, run:acts("release"))
    end)

    it("when a person lets it lie", function()
      local run = order()
      run:channel("voice"):will(caller("change_order"))
      run:advance(hours(49))
      assert.equal(1, run:acts("release"))
    end)

    it("when the shop cannot hold it: she is called all the same", function()
      local run = order()
      run:connector("shop"):will("hold", "failed")
      run:advance(hours(1))
      assert.equal(1, run:contacts())
    end)
  end)

  it("[S1-49] tries again at another time of day, and then texts", function()
    local run = order()
    run:advance(hours(47))
    local calls = run:touches { channel = "voice" }
    assert.equal(2, #calls)
    assert.equal("2026-01-05T08:05", calls[1].sent_at:sub(1, 16)) -- in the morning
    assert.equal("2026-01-06T11:00", calls[2].sent_at:sub(1, 16)) -- at noon in Paris
    assert.equal(1, #run:touches { channel = "sms" })
  end)

  it("[S1-55] takes who wants to change the order to a person", function()
    local run = order()
    run:channel("voice"):will(caller("change_order"))
    run:advance(hours(1))
    assert.equal("wants_change", run:outcome("call"))
    assert.is_not_nil(run:packet("human"))
    run:resolve("human", "resolved")
    run:advance(minutes(1))
    assert.equal("resolved", run:outcome("human"))
  end)

  for _, word in ipairs { "wants_human", "dissatisfied" } do
    it("[S1-54] takes who says " .. word .. " to a person", function()
      local run = order()
      run:channel("voice"):will(caller("details_confirmed", word))
      run:advance(hours(1))
      assert.is_not_nil(run:packet("human"))
    end)
  end

  for risk, calls in pairs { low = 0, normal = 1, high = 1 } do
    it("[S1-20] calls by how often she refuses parcels: " .. risk, function()
      sim.customer { id = "c-1", rto_risk = risk }
      local run = order()
      run:advance(hours(1))
      assert.equal(calls, run:contacts())
      assert.equal(1 - calls, run:acts("release"))
    end)
  end

  it("[S1-19] needs no agent where she confirms", function()
    local run = order()
    run:channel("voice"):will(caller("details_confirmed", "address_confirmed", "available"))
    run:advance(days(3))
    assert.is_nil(run:packet("human"))
  end)
end)
