-- A refund call needs both pieces of news, and the facts; then it is made once.

local refund = { return_id = "r-1", amount = eur "59", expected_on = "2026-01-12", method = "card" }

local function refunded(fields)
  local data = {}
  for name, value in pairs(refund) do data[name] = value end
  for name, value in pairs(fields or {}) do data[name] = value end
  return data
end

local function processed()
  return sim.start("refund_status", { return_id = "r-1" }, "return.processed")
end

describe("refund status", function()
  it("[S1-24] waits for the refund when the return came first", function()
    local run = processed()
    run:advance(days(1))
    assert.equal(0, run:contacts())
    run:event("refund.initiated", refund)
    run:advance(minutes(5))
    assert.equal(1, #run:touches { channel = "voice" })
  end)

  it("[S1-24] waits for the return when the refund came first", function()
    local run = sim.start("refund_status", refund, "refund.initiated")
    run:advance(days(1))
    assert.equal(0, run:contacts())
    run:event("return.processed")
    run:advance(minutes(5))
    assert.equal(1, #run:touches { channel = "voice" })
  end)

  it("[S1-26] calls once, however often the news come", function()
    local run = processed()
    run:channel("voice"):will(talk { refund = "understood" })
    for _ = 1, 3 do
      run:event("refund.initiated", refund)
      run:event("return.processed")
      run:advance(days(1))
    end
    run:advance(days(30))
    sim.event("return.processed", { return_id = "r-1" })
    sim.event("refund.initiated", refund)
    sim.advance(days(5))
    assert.equal(1, run:contacts())
    local calls = 0
    for _, one in ipairs(sim.runs { flow = "refund_status" }) do calls = calls + one:contacts() end
    assert.equal(1, calls)
  end)

  it("[S1-25] tells amount, way and day", function()
    sim.customer { id = "c-1", locale = "en" }
    local run = processed()
    run:channel("voice"):will("no_answer")
    run:event("refund.initiated", refund)
    run:advance(days(1))
    assert.matches("€59.00 by card", run:rendered("mail").text)
    assert.matches("12 January 2026", run:rendered("mail").text)
  end)

  for _, fact in ipairs { "amount", "expected_on", "method" } do
    it("[S1-25] calls nobody where '" .. fact .. "' is not known", function()
      local data = refunded()
      data[fact] = nil
      local run = processed()
      run:event("refund.initiated", data)
      run:advance(days(1))
      assert.equal("missing_fact", run:reason("call"))
      assert.equal(0, run:contacts())
      assert.same({ return_id = "r-1" }, run:recorded("refund_facts_missing"))
    end)
  end

  it("[S1-26] counts who asks all the same within a week", function()
    local run = processed()
    run:channel("voice"):will(talk { refund = "understood" })
    run:event("refund.initiated", refund)
    run:advance(days(1))
    assert.equal("informed", run:outcome("call"))
    run:event("message.received", { text = "where is my money?", channel = "email" })
    run:advance(minutes(1))
    assert.equal("written", run:outcome("asked"))
  end)

  it("[S1-27] speaks calmly of the return alone", function()
    local run = processed()
    run:channel("voice"):will(talk { refund = "understood" })
    run:event("refund.initiated", refund)
    run:advance(days(1))
    assert.equal(1, run:contacts())
    assert.equal(0, #run:touches { channel = "sms" })
  end)

  it("[S2-20] speaks in the e-mail of the voicemail", function()
    sim.customer { id = "c-1", locale = "en" }
    local run = processed()
    run:channel("voice"):will("voicemail")
    run:event("refund.initiated", refund)
    run:advance(days(1))
    assert.matches("voicemail", run:rendered("mail").text)
  end)

  it("calls nobody whose money is there already", function()
    local run = processed()
    run:event("refund.completed")
    run:advance(hours(1))
    run:event("refund.initiated", refund)
    run:advance(days(1))
    assert.equal("over", run:outcome("news"))
    assert.equal(0, run:contacts())
  end)

  it("takes a question to a person", function()
    local run = processed()
    run:channel("voice"):will(talk { refund = "question" })
    run:event("refund.initiated", refund)
    run:advance(hours(1))
    assert.is_not_nil(run:packet("human"))
  end)
end)
