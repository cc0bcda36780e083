-- Makes a week of a whole shop: carts, orders, parcels, returns and payments of 20,000 customers.
--
--   lua5.4 make_week.lua [seed]      reads customers.csv, writes one_week.jsonl beside itself
--
-- The same seed gives the same bytes. The file begins with what the shop remembers (consents, and
-- orders of months ago), then comes the week from Monday 2026-01-12. Stories meet: who has a return
-- may have a parcel under way, and a failed payment.
local folder = arg[0]:match("^(.*)/") or "."
math.randomseed(math.tointeger(arg[1] or 20260112) or error("the seed is an integer"))

local minute, hour, day = 60, 3600, 86400
local monday = 1768176000 -- 2026-01-12T00:00:00Z

local function chance(percent) return math.random() * 100 < percent end
local function one_of(list) return list[math.random(#list)] end

local customers = {}
for line in io.lines(folder .. "/customers.csv") do
  local fields = {}
  for field in (line .. ","):gmatch("([^,]*),") do fields[#fields + 1] = field end
  local currency = ({ GB = "GBP", US = "USD" })[fields[8]] or "EUR"
  if fields[1] ~= "id" then
    customers[#customers + 1] = { id = fields[1], currency = currency, segment = fields[6],
                                  campaign = fields[10] ~= "" }
  end
end

local events, count = {}, 0

local function quoted(value)
  if type(value) == "number" then return tostring(value) end
  return value:sub(1, 1) == "{" and value or '"' .. value .. '"'
end

local function tell(at, who, kind, data)
  count = count + 1
  local names, parts = {}, {}
  for name in pairs(data) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    parts[#parts + 1] = '"' .. name .. '":' .. quoted(data[name])
  end
  events[count] = { at, count, string.format(
    '{"specversion":"1.0","id":"w-%06d","source":"/shop","type":"%s","time":"%s",' ..
    '"subject":"%s","data":{%s}}', count, kind, os.date("!%Y-%m-%dT%H:%M:%SZ", at), who.id,
    table.concat(parts, ",")) }
end

-- An instant of the week, by day: people order between seven and eleven at night.
local function some_time()
  return monday + math.random(0, 6) * day + math.random(7 * hour, 22 * hour)
end
local function instant(at) return os.date("!%Y-%m-%dT%H:%M:%SZ", at) end
local function date(at) return os.date("!%Y-%m-%d", at) end
local function price(who)
  local dear = who.segment == "business" and 4 or 1
  local minor = dear * math.random(15, 160) * 100 - 10
  return string.format('{"minor":%d,"currency":"%s"}', minor, who.currency)
end
local function number(prefix) return string.format("%s-%06d", prefix, count) end

local categories = { "fashion", "fashion", "home", "books", "toys" }
local declines = { "insufficient_funds", "insufficient_funds", "do_not_honor", "generic_decline",
                   "expired_card", "authentication_required", "processing_error" }

local stories = {}

function stories.rejected(who)
  local at, id, amount = some_time(), number("k"), price(who)
  tell(at, who, "payment.failed", { checkout_id = id, amount = amount, context = "checkout",
    attempt_no = 1, decline = '{"provider":"stripe","raw_code":"' .. one_of(declines) .. '"}' })
  if chance(22) then
    tell(at + math.random(minute, 3 * hour), who, "order.paid",
         { checkout_id = id, amount = amount })
  end
end

function stories.left(who)
  local at, id, amount = some_time(), number("k"), price(who)
  local kind = chance(75) and "cart.abandoned" or "order.unpaid"
  tell(at, who, kind, { checkout_id = id, order_id = number("o"), amount = amount })
  if chance(18) then
    tell(at + math.random(5 * minute, 8 * hour), who, "order.paid",
         { checkout_id = id, amount = amount })
  end
  if chance(2) then tell(at + hour, who, "order.cancelled", { checkout_id = id }) end
end

function stories.on_delivery(who)
  local at, id, amount = some_time(), number("o"), price(who)
  tell(at, who, "order.placed", { order_id = id, amount = amount, payment_method = "cod",
    category = one_of(categories), delivery_date = date(at + 3 * day),
    address = '{"street":"1 rue de la Paix","city":"Paris"}' })
  if chance(3) then tell(at + 2 * hour, who, "order.cancelled", { order_id = id }) end
end

function stories.subscription(who)
  local at, id = some_time(), number("i")
  tell(at, who, "payment.failed", { invoice_id = id, amount = price(who), context = "recurring",
    attempt_no = 1, decline = '{"provider":"stripe","raw_code":"' .. one_of(declines) .. '"}' })
end

function stories.sent_back(who)
  local at, id, amount = some_time(), number("r"), price(who)
  local pickup_at = at + math.random(2, 4) * day
  tell(at, who, "return.approved", { return_id = id, order_id = number("o"), amount = amount })
  tell(at + hour, who, "pickup.scheduled", { return_id = id, pickup_at = instant(pickup_at) })
  if chance(4) then
    return tell(at + 5 * hour, who, "pickup.cancelled", { return_id = id })
  end
  if chance(8) then
    pickup_at = pickup_at + day
    tell(at + 6 * hour, who, "pickup.rescheduled",
         { return_id = id, pickup_at = instant(pickup_at) })
  end
  tell(pickup_at, who, "pickup.done", { return_id = id })
  local back = pickup_at + day
  tell(back, who, "return.processed", { return_id = id, amount = amount })
  tell(back + math.random(-3, 9) * hour, who, "refund.initiated", { return_id = id, -- in any order
    amount = amount, expected_on = date(back + 4 * day), method = "card" })
  tell(back + 3 * day, who, "refund.completed", { return_id = id, amount = amount })
end

function stories.parcel(who)
  local at, id = some_time(), number("s")
  local order = { shipment_id = id, order_id = number("o") }
  local function with(fields)
    for name, value in pairs(order) do fields[name] = value end
    return fields
  end
  tell(at, who, "shipment.out", with { expected_on = date(at + 2 * day) })
  local there = at + 2 * day
  if chance(14) then
    there = there + day
    tell(at + 20 * hour, who, "shipment.delayed",
         with { reason = "weather", expected_on = date(there) })
  end
  if chance(9) then
    local reason = one_of { "nobody at home", "no access", "address not found" }
    tell(there, who, "delivery.failed", with { reason = reason, attempt_no = 1 })
    if chance(30) then
      tell(there, who, "delivery.failed", with { reason = reason, attempt_no = 1 }) -- polled too
    end
    there = there + day
  end
  tell(there, who, "delivery.done", with {})
end

function stories.asks(who)
  local at, id = some_time(), number("c")
  tell(at, who, "support.opened", { case_id = id, topic = one_of { "delivery", "other" } })
  tell(at + math.random(1, 30) * hour, who, "support.closed", { case_id = id })
end

function stories.fine(who)
  tell(some_time(), who, "order.placed", { order_id = number("o"), amount = price(who),
    payment_method = "card", category = one_of(categories) })
end

-- What the shop remembers of who has been away; the week finds them.
local function away(who, days_ago)
  local at, id = monday - days_ago * day + math.random(8 * hour, 6 * day), number("o")
  tell(at, who, "consent.given", { purpose = "marketing", basis = "opt_in" })
  tell(at + minute, who, "order.placed", { order_id = id, amount = price(who),
    payment_method = "card", category = one_of(categories) })
  if chance(18) then
    local back = number("r")
    tell(at + 8 * day, who, "return.approved", { return_id = back, order_id = id })
    tell(at + 15 * day, who, "return.closed", { return_id = back, order_id = id })
  end
end
function stories.long_away(who)
  away(who, 90)
  if chance(6) then stories.fine(who) end
end

local shares = { -- of the customers, in percent; a customer may have several
  { "rejected", 4.5 }, { "left", 11 }, { "on_delivery", 9 }, { "subscription", 5 },
  { "sent_back", 5 }, { "parcel", 16 }, { "asks", 1.5 }, { "long_away", 4 },
}
for _, who in ipairs(customers) do
  local any = who.campaign
  if who.campaign then away(who, 30) end
  for _, share in ipairs(shares) do
    if chance(share[2]) then
      stories[share[1]](who)
      any = true
    end
  end
  if not any then stories.fine(who) end
end

table.sort(events, function(a, b) return a[1] < b[1] or a[1] == b[1] and a[2] < b[2] end)
local file <close> = assert(io.open(folder .. "/one_week.jsonl", "w"))
for _, event in ipairs(events) do file:write(event[3], "\n") end
