-- Flows beside one another: what contact.lua lets no two of them do to one customer.

local function order()
  return sim.start("cod_confirmation",
    { order_id = "o-1", amount = eur "79", payment_method = "cod" })
end
local function delivery() return sim.start("delivery_retry", { shipment_id = "s-1" }) end

-- Nothing but the exclusions between flows is in the way.
local function only_exclusions() sim.contact { caps = {}, gap = minutes(1), windows = {} } end

describe("flows beside one another", function()
  it("[S1-65] no order is confirmed within a day of a call about a delivery", function()
    only_exclusions()
    local parcel = delivery()
    parcel:advance(hours(2))
    local told = parcel:contacts()
    assert.is_true(told > 0)
    local confirmed = order()
    confirmed:advance(hours(20))
    assert.equal(0, confirmed:contacts())
    confirmed:advance(hours(10))
    assert.is_true(confirmed:contacts() > 0)
  end)

  it("[S1-65] nor the other way round", function()
    only_exclusions()
    local confirmed = order()
    confirmed:advance(minutes(30))
    assert.equal(1, confirmed:contacts())
    local parcel = delivery()
    parcel:advance(hours(12))
    assert.equal(0, parcel:contacts())
  end)

  it("[S1-63] of two that are begun at one instant the more urgent one goes first", function()
    sim.contact { exclusions = {} }
    local bill = sim.start("payment_recovery",
      { invoice_id = "i-1", amount = eur "49", decline = { action = "request_new_method" } })
    local parcel = delivery()
    sim.advance(minutes(1))
    assert.equal(1, parcel:contacts())
    assert.equal(0, bill:contacts())
    bill:advance(hours(6))
    assert.equal(1, bill:contacts())
  end)
end)
