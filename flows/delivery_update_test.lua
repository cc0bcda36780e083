-- One word when the parcel leaves, one when it is late.

local function out()
  return sim.start("delivery_update", { shipment_id = "s-1", expected_on = "2026-01-07" },
                   "shipment.out")
end

describe("delivery update", function()
  it("[S1-69] tells that the parcel is on its way, and when it comes", function()
    sim.customer { id = "c-1", locale = "en" }
    local run = out()
    run:advance(hours(1))
    assert.equal(1, run:contacts())
    assert.matches("7 January 2026", run:rendered("out").text)
  end)

  it("[S1-69] tells of a delay by text, or by e-mail where there is no phone", function()
    sim.customer { id = "c-1", locale = "en", phone = false }
    local run = out()
    run:advance(hours(6))
    run:event("shipment.delayed", { reason = "snow", expected_on = "2026-01-09" })
    run:advance(hours(1))
    assert.equal("denied", run:outcome("delay"))
    assert.matches("delayed %(snow%)", run:rendered("mail").text)
    assert.matches("9 January 2026", run:rendered("mail").text)
  end)

  it("[S1-69] tells one delay once", function()
    local run = out()
    run:advance(hours(6))
    for _ = 1, 3 do
      run:event("shipment.delayed", { reason = "snow", expected_on = "2026-01-09" })
      run:advance(hours(6))
    end
    assert.equal(1, #run:touches { channel = "sms" })
    assert.equal(2, run:contacts())
  end)

  it("says nothing of a parcel that has arrived", function()
    local run = out()
    run:event("delivery.done")
    run:advance(hours(6))
    assert.equal("goal", run:ended())
    run:event("shipment.delayed", { reason = "snow" })
    run:advance(hours(6))
    assert.equal(0, #run:touches { channel = "sms" })
  end)
end)
