-- The eve of a pickup: on that day in her zone, with two things to know.

local friday = "2026-01-09T14:00:00Z"

local function pickup(at, kind)
  return sim.start("return_pickup", { return_id = "r-1", pickup_at = at or friday },
                   kind or "pickup.scheduled")
end

local function first_call(run)
  local call = run:touches { channel = "voice" }[1]
  return call and call.sent_at
end

describe("return pickup", function()
  it("[S1-06][S1-21] calls at ten on the day before", function()
    local run = pickup()
    run:advance(days(3))
    assert.equal(0, run:contacts())
    run:advance(days(1))
    assert.equal("2026-01-08T09:00", first_call(run):sub(1, 16)) -- ten in Paris
  end)

  for zone, expected in pairs { ["Asia/Tokyo"] = "2026-01-09T01:00",
                                ["America/Los_Angeles"] = "2026-01-08T18:00" } do
    it("[S1-21] means the day before in " .. zone, function()
      sim.customer { id = "c-1", timezone = zone }
      local run = pickup("2026-01-09T23:30:00Z") -- the tenth in Tokyo, the ninth in Los Angeles
      run:advance(days(5))
      assert.equal(expected, first_call(run):sub(1, 16))
    end)
  end

  it("[S1-06] moves with a pickup that is moved", function()
    local run = pickup()
    run:advance(days(1))
    run:event("pickup.rescheduled", { pickup_at = "2026-01-13T14:00:00Z" })
    run:advance(days(5))
    assert.equal(0, run:contacts())
    run:advance(days(3))
    assert.equal("2026-01-12T09:00", first_call(run):sub(1, 16))
  end)

  it("[S1-06] goes with a pickup that is cancelled", function()
    local run = pickup()
    run:advance(days(1))
    run:event("pickup.cancelled")
    run:advance(days(7))
    assert.equal("stopped", run:ended())
    assert.equal(0, run:contacts())
  end)

  it("[S1-22] learns two things: that she is there, and that it is packed", function()
    local run = pickup()
    run:channel("voice"):will(talk { home = "available", ready = "item_ready" })
    run:advance(days(4))
    assert.equal("confirmed", run:outcome("call"))
    assert.same({ availability = "available", item = "item_ready" },
                run:recorded("pickup_confirmation"))
  end)

  it("[S1-22] reminds who has not packed it", function()
    local run = pickup()
    run:channel("voice"):will(talk { home = "available", ready = "item_not_ready" })
    run:advance(days(4))
    assert.same({ availability = "available", item = "item_not_ready" },
                run:recorded("pickup_confirmation"))
  end)

  it("[S1-23] books another day, and calls again on that day's eve", function()
    local run = pickup()
    run:channel("voice"):will(
      talk { home = "not_available", other = { "another_day", slot = "2026-01-15T14:00:00Z" } })
    run:advance(days(4))
    assert.equal("reschedule", run:outcome("call"))
    assert.equal(1, run:acts("rebook_pickup"))
    sim.event("pickup.rescheduled", { return_id = "r-1", pickup_at = "2026-01-15T14:00:00Z" })
    sim.advance(days(6))
    local runs = sim.runs { flow = "return_pickup" }
    assert.equal(2, #runs)
    assert.equal("2026-01-14T09:00", first_call(runs[2]):sub(1, 16))
  end)

  it("[S1-23] texts a link where the day that she named was not understood", function()
    local run = pickup()
    run:channel("voice"):will(talk { home = "not_available", other = "another_day" })
    run:advance(days(4))
    assert.equal(0, run:acts("rebook_pickup"))
    assert.equal(1, #run:touches { channel = "sms" })
  end)

  for _, question in ipairs { "home", "ready", "other" } do
    it("[S1-56] takes who disputes the return at '" .. question .. "' to a person", function()
      local turns = { home = question == "other" and "not_available" or "available" }
      turns[question] = "disputes"
      local run = pickup()
      run:channel("voice"):will(talk(turns))
      run:advance(days(4))
      assert.equal("disputes", run:outcome("call"))
      assert.is_not_nil(run:packet("human"))
    end)
  end

  it("texts who does not pick up", function()
    sim.customer { id = "c-1", locale = "en" }
    local run = pickup()
    run:advance(days(4))
    assert.equal("no_answer", run:outcome("call"))
    assert.equal("delivered", run:outcome("text"))
    assert.matches("9 January 2026", run:rendered("text").text)
  end)

  it("does not call on the day itself where it was booked for the next morning", function()
    sim.at("2026-01-08T21:30:00Z")
    local run = pickup("2026-01-09T13:00:00Z")
    run:advance(days(1))
    assert.equal("late", run:outcome("call"))
    assert.equal(1, #run:touches { channel = "sms" })
  end)
end)
