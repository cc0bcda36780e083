-- Who is written to and called by himself, with which words, and who is not.

local function order(id, category)
  sim.event("order.placed", { order_id = id, category = category, amount = eur "49" })
end
local function ordered(id, category)
  order(id, category)
  sim.advance(hours(1))
end
local function only_run(flow)
  local runs = sim.runs { flow = flow }
  assert.equal(1, #runs)
  return runs[1]
end

describe("win_back", function()
  it("[S1-07][S1-33] finds who has not ordered for ninety days, and nobody before", function()
    ordered("o-1", "books")
    sim.advance(days(89))
    assert.equal(0, #sim.runs { flow = "win_back" })
    sim.advance(days(2))
    local run = only_run("win_back")
    assert.equal(1, run:contacts())
    assert.matches("what is new with us", run:rendered("plain").text)
  end)

  it("[S1-07] leaves alone who orders again in time, and ends when he does later", function()
    ordered("o-1", "books")
    sim.advance(days(60))
    ordered("o-2", "fashion")
    sim.advance(days(60))
    assert.equal(0, #sim.runs { flow = "win_back" })
    sim.advance(days(31))
    local run = only_run("win_back")
    order("o-3", "books")
    sim.advance(hours(1))
    assert.equal("goal", run:ended())
  end)

  it("[S1-34][S1-42] speaks of fashion to who bought fashion, at ten in the morning", function()
    ordered("o-1", "fashion")
    sim.advance(days(92))
    local run = only_run("win_back")
    assert.equal("fashion", run:outcome("plan"))
    assert.matches("you liked our fashion", run:rendered("fashion").text)
    assert.matches("T08:00:00Z", run:touches {}[1].sent_at) -- ten in Paris
  end)

  it("[S1-37] never writes the plain letter to who sent the last order back", function()
    ordered("o-1", "fashion")
    sim.event("return.approved", { return_id = "r-1", order_id = "o-1" })
    sim.advance(days(92))
    local run = only_run("win_back")
    assert.equal("sorry", run:outcome("plan"))
    assert.matches("you sent your last order back", run:rendered("sorry").text)
    assert.is_nil(run:outcome("plain"))
    assert.is_nil(run:outcome("fashion"))
    assert.equal(1, run:contacts())
  end)

  it("[S1-37] counts only a return of the last order", function()
    ordered("o-1", "books")
    ordered("o-2", "fashion")
    sim.event("return.approved", { return_id = "r-1", order_id = "o-1" })
    sim.advance(days(92))
    assert.equal("fashion", only_run("win_back"):outcome("plan"))
  end)

  it("[S1-40] takes script, offer and time from one row of the table", function()
    ordered("o-1", "fashion")
    sim.event("return.approved", { return_id = "r-1", order_id = "o-1" })
    sim.advance(days(92))
    local run = only_run("win_back")
    assert.matches("free_return", run:rendered("sorry").text)
    assert.matches("T15:30:00Z", run:touches {}[1].sent_at) -- half past five in Paris
  end)
end)

describe("campaign", function()
  local function start() return sim.start("campaign") end

  it("[S1-41] calls who orders at risk with the confirmation script", function()
    sim.customer { id = "ann", order_id = "o-7", order_total = "49.00 EUR" }
    local run = start()
    run:channel("voice"):will(talk { sure = "keep" })
    run:advance(days(1))
    assert.equal("confirmed", run:outcome("call"))
    assert.matches("your order o%-7", run:rendered("call").text)
    assert.same({ outcome = "confirmed" }, run:recorded("order_confirmation"))
  end)

  it("[S1-39] does not call who has left the segment since he was found", function()
    sim.customer { id = "ann", order_id = "o-7", order_total = "49.00 EUR" }
    local run = start()
    run:channel("voice"):will("no_answer")
    run:advance(hours(2))
    assert.equal(1, run:contacts())
    sim.customer { id = "ann", order_id = "o-7", order_total = "49.00 EUR", open_order = "paid" }
    run:advance(days(2))
    assert.equal(1, run:contacts())
    assert.equal("stopped", run:ended())
  end)

  it("[S1-50] takes who confirmed off the list", function()
    sim.customer { id = "ann", order_id = "o-7", order_total = "49.00 EUR" }
    local run = start()
    run:channel("voice"):will(talk { sure = "keep" })
    run:advance(days(1))
    assert.equal("completed", run:ended())
    local again = start()
    again:advance(days(1))
    assert.equal(1, #sim.runs { flow = "campaign" })
  end)

  it("[S1-48] leaves alone who hung up twice in earlier campaigns", function()
    sim.customer { id = "ann", order_id = "o-7", order_total = "49.00 EUR" }
    for _ = 1, 2 do
      local run = start()
      run:channel("voice"):will("hung_up")
      run:advance(days(36))
    end
    local third = start()
    third:advance(days(1))
    assert.equal("excluded", third:ended())
  end)
end)
