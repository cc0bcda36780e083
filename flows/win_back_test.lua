-- Who has been away for ninety days, what she hears, and who hears nothing.

local function order(id, category)
  sim.event("order.placed", { order_id = id, category = category, amount = eur "49",
                              payment_method = "card" })
  sim.advance(hours(1))
end
local function only_run()
  local runs = sim.runs { flow = "win_back" }
  assert.equal(1, #runs)
  return runs[1]
end
-- Away for ninety days after an order that she kept, or sent back.
local function away(category, returned)
  sim.at("2026-01-07T08:00:00Z")
  sim.customer { id = "ann", locale = "en" }
  order("o-1", category or "books")
  if returned then
    sim.event("return.approved", { return_id = "r-1", order_id = "o-1" })
    sim.event("return.closed", { return_id = "r-1", order_id = "o-1" })
  end
  sim.advance(days(91))
  return only_run()
end

describe("win back", function()
  it("[S1-07][S1-33] finds nobody before ninety days, and who orders again not at all", function()
    order("o-1")
    sim.advance(days(60))
    order("o-2")
    sim.advance(days(60))
    assert.equal(0, #sim.runs { flow = "win_back" })
  end)

  it("[S1-07] is over when she orders", function()
    local run = away()
    order("o-2")
    assert.equal("goal", run:ended())
  end)

  it("[S1-34][S1-35] speaks of her last category, with the offer for it", function()
    local run = away("fashion")
    run:advance(days(2))
    assert.matches("something from fashion", run:rendered("letter").text)
    assert.matches("new_season", run:rendered("letter").text)
    assert.matches("T08:30", run:touches {}[1].sent_at) -- half past ten in Paris, in summer
  end)

  it("[S1-37] never gives the plain words to who sent the last order back", function()
    local run = away("fashion", true)
    run:advance(days(29))
    assert.equal("sorry", run:outcome("plan"))
    assert.matches("sent your last order back", run:rendered("excuse").text)
    assert.is_nil(run:outcome("letter"))
    assert.is_nil(run:outcome("call"))
    assert.equal("no_answer", run:outcome("sorry"))
  end)

  it("[S1-37] nor the excuse to who simply did not buy", function()
    local run = away("fashion")
    run:advance(days(29))
    assert.equal("plain", run:outcome("plan"))
    assert.is_nil(run:outcome("excuse"))
    assert.is_nil(run:outcome("sorry"))
  end)

  for _, word in ipairs { "interested", "not_interested" } do
    it("[S1-36] asks one question, and notes " .. word, function()
      local run = away()
      run:channel("voice"):will(talk { more = word })
      run:advance(days(10))
      assert.equal(word, run:outcome("call"))
      assert.same({ offer = "news", outcome = word }, run:recorded("win_back"))
    end)
  end

  it("[S1-36] never speaks again to who says stop", function()
    local run = away()
    run:channel("voice"):will(talk { more = "opted_out" })
    run:advance(days(10))
    assert.equal("opted_out", run:outcome("call"))
    local payment = sim.start("payment_recovery", { invoice_id = "i-1", amount = eur "499",
                                                    decline = { action = "request_new_method" } })
    payment:advance(days(10))
    assert.equal(0, #payment:touches { channel = "voice" })
  end)

  it("[S1-57] takes who complains before any offer to a person", function()
    local run = away("fashion", true)
    run:channel("voice"):will(talk { wrong = "dissatisfied" })
    run:advance(days(10))
    assert.equal("dissatisfied", run:outcome("sorry"))
    assert.is_not_nil(run:packet("human"))
  end)

  it("[S1-57] does not bring in a person for who has accepted", function()
    local run = away("fashion", true)
    run:channel("voice"):will(talk { wrong = "quality", more = "interested" })
    run:advance(days(10))
    assert.equal("interested", run:outcome("sorry"))
    assert.is_nil(run:packet("human"))
  end)

  it("[S1-64][S1-27] is silent while a return is open, and a week after", function()
    sim.customer { id = "ann", locale = "en" }
    order("o-1", "fashion")
    sim.advance(days(89))
    sim.event("return.approved", { return_id = "r-2", order_id = "o-1" })
    sim.advance(days(10))
    local run = only_run()
    assert.equal(0, run:contacts())
    assert.equal("marker_open", run:reason("excuse"))
  end)

  it("[S0-34] asks for consent to marketing", function()
    sim.customer { id = "ann", consents = { { purpose = "service", given = true } } }
    order("o-1", "fashion")
    sim.advance(days(95))
    local run = only_run()
    assert.equal(0, run:contacts())
    assert.equal("no_consent", run:reason("letter"))
  end)
end)
