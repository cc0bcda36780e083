-- A failed delivery: within the hour, or by another way.

local slots = { "found", first_slot = "today from 18 to 20", second_slot = "tomorrow morning" }

local function failed(fields)
  local data = { shipment_id = "s-1", order_id = "o-1", reason = "nobody at home", attempt_no = 1 }
  for name, value in pairs(fields or {}) do data[name] = value end
  local run = sim.start("delivery_retry", data)
  run:connector("shop"):will("delivery_slots", slots)
  return run
end

local function minutes_to_call(run)
  local hour, minute = run:touches { channel = "voice" }[1].sent_at:match("T(%d+):(%d+)")
  return (tonumber(hour) - 8) * 60 + tonumber(minute) -- a test begins at eight UTC
end

describe("delivery retry", function()
  it("[S1-28] calls within the hour", function()
    local run = failed()
    run:advance(hours(2))
    assert(minutes_to_call(run) < 60)
  end)

  it("[S1-28] texts instead when the window opens too late, and notes it", function()
    sim.at("2026-01-05T19:40:00Z") -- 20:40 in Paris
    sim.contact { windows = { voice = between("09:00", "20:30"), sms = between("09:00", "21:00") } }
    local run = failed()
    run:advance(minutes(5))
    assert.equal("late", run:outcome("call"))
    assert.equal(60, run:recorded("deadline_missed").minutes)
    assert.equal(1, #run:touches { channel = "sms" })
    assert.equal(0, #run:touches { channel = "voice" })
  end)

  it("[S1-29] passes the reason on, and what the carrier offers; books her choice", function()
    sim.customer { id = "c-1", locale = "en" }
    local run = failed()
    run:channel("voice"):will(talk { slot = "second" })
    run:advance(minutes(10))
    assert.equal("rescheduled", run:outcome("call"))
    assert.equal(1, run:acts("reschedule_delivery"))
    assert.equal("done", run:outcome("book"))
  end)

  it("[S1-29] promises nothing that the carrier does not offer", function()
    sim.customer { id = "c-1", locale = "en" }
    local run = failed()
    run:connector("shop"):will("delivery_slots", "missing")
    run:advance(minutes(10))
    assert.equal(0, #run:touches { channel = "voice" })
    assert.matches("nobody at home", run:rendered("text").text)
  end)

  it("[S1-30] is one run, however often and by whatever way it is told", function()
    local run = failed()
    run:channel("voice"):will(talk { slot = "first" })
    for _ = 1, 3 do sim.event("delivery.failed", { shipment_id = "s-1", order_id = "o-1" }) end
    sim.advance(minutes(10))
    assert.equal(1, #sim.runs { flow = "delivery_retry" })
    assert.equal(1, run:contacts())
  end)

  it("[S1-32] does not call who has a case open with support", function()
    sim.event("support.opened", { topic = "delivery", case_id = "k-1" })
    local run = failed()
    run:advance(days(1))
    assert.equal(0, run:contacts())
    assert.equal("marker_open", run:reason("call"))
  end)

  it("[S1-65] waits while a cash-on-delivery call is fresh", function()
    sim.customer { id = "c-1" }
    local cod = sim.start("cod_confirmation",
      { order_id = "o-9", payment_method = "cod", amount = eur "49" })
    cod:channel("voice"):will("no_answer")
    sim.advance(minutes(10))
    assert.equal(1, #cod:touches { channel = "voice" })
    local run = failed()
    run:advance(hours(2))
    assert.equal(0, run:contacts())
  end)

  it("[S1-32] leaves who has already called about it to the people there", function()
    local run = failed()
    run:event("support.opened", { topic = "delivery", case_id = "k-1" })
    run:advance(hours(2))
    assert.equal("stopped", run:ended())
    assert.equal(0, run:contacts())
  end)

  it("[S1-28] texts at once who did not pick up", function()
    local run = failed()
    run:advance(hours(1) + minutes(5))
    assert.equal("no_answer", run:outcome("call"))
    assert.equal("delivered", run:outcome("text"))
  end)

  for _, word in ipairs { "wants_human", "dissatisfied" } do
    it("[S1-54] takes who says " .. word .. " to a person", function()
      local run = failed()
      run:channel("voice"):will(talk { slot = word })
      run:advance(minutes(10))
      assert.is_not_nil(run:packet("human"))
    end)
  end

  it("brings in a person where she cannot be reached at all", function()
    sim.customer { id = "c-1", phone = false }
    local run = failed()
    run:advance(hours(1))
    assert.equal("denied", run:outcome("text"))
    assert.is_not_nil(run:packet("human"))
  end)
end)
