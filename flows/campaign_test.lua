-- A campaign: who is in it, what the segment decides, and when it is over.

-- Of the segment, with an order of that category forty days ago.
local function quiet(segment, category)
  sim.at("2026-01-07T08:00:00Z") -- forty days later it is a Monday
  sim.customer { id = "ann", locale = "en", segment = segment }
  sim.event("order.placed", { order_id = "o-1", category = category, amount = eur "49",
                              payment_method = "card" })
  sim.advance(days(40))
  return sim.start("campaign")
end

describe("campaign", function()
  it("[S1-40][S1-42] lets one table give words, offer and time", function()
    local run = quiet("loyal", "fashion")
    run:advance(days(2))
    assert.equal("mail", run:outcome("plan"))
    assert.matches("you liked our fashion", run:rendered("mail").text)
    assert.matches("new_season", run:rendered("mail").subject)
    assert.matches("T17:00", run:touches {}[1].sent_at) -- six in the evening in Paris
  end)

  it("[S1-40][S1-71] calls a business, in the morning", function()
    local run = quiet("business", "home")
    run:advance(days(2))
    assert.equal(1, #run:touches { channel = "voice" })
    assert.matches("T09:30", run:touches {}[1].sent_at)
  end)

  it("[S1-39] asks again just before it speaks: who ordered meanwhile is left alone", function()
    local run = quiet("loyal", "fashion")
    run:advance(hours(1))
    sim.customer { id = "ann", locale = "en", segment = "new" }
    run:advance(days(2))
    assert.equal("stopped", run:ended())
    assert.equal(0, run:contacts())
  end)

  it("[S1-45] says no more to who answered", function()
    local run = quiet("loyal", "fashion")
    run:after("mail", hours(2)):event("link.clicked")
    run:advance(days(21))
    assert.equal("responded", run:outcome("mail"))
    assert.equal(1, run:contacts())
    assert.same({ offer = "new_season", outcome = "responded" }, run:recorded("campaign"))
  end)

  it("[S1-50] does not take her in again", function()
    local run = quiet("business", "home")
    run:channel("voice"):will(talk { more = "interested" })
    run:advance(days(2))
    assert.equal("interested", run:outcome("call"))
    local again = sim.start("campaign")
    again:advance(days(2))
    assert.equal(1, #sim.runs { flow = "campaign" })
  end)

  it("[S1-01] leaves her to a flow that needs her more, within the week's caps", function()
    local run = quiet("loyal", "fashion")
    sim.start("delivery_retry", { shipment_id = "s-1", order_id = "o-1", reason = "absent" })
    run:advance(days(3))
    assert.equal("denied", run:outcome("mail"))
    assert.equal(0, run:contacts())
  end)
end)
