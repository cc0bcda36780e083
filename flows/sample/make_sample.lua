-- Makes the sample: 1,000 failed payments of a subscription shop, and the customers they belong to;
-- beside them the other customers of the shop, of whom make_week.lua tells.
--
--   lua5.4 make_sample.lua [seed]      writes failed_payments.jsonl and customers.csv beside itself
--
-- The same seed gives the same bytes. Nobody in it exists: phone numbers come from ranges that
-- regulators keep for fiction, mailboxes from the domains reserved for examples. The mix of
-- declines follows published shares of recurring card payments. Beside good lines there is what a
-- real feed has: duplicates, lines out of order, and a few that are broken.
local folder = arg[0]:match("^(.*)/") or "."
math.randomseed(math.tointeger(arg[1] or 20261155) or error("the seed is an integer"))

local payments, second_invoices = 1000, 40
local other_customers = 19040 -- 20,000 in all
local first_event = 1767600000 -- 2026-01-05T08:00:00Z
local spread_s = 72 * 3600

-- An item of a list of { weight, item }; weights sum to 100.
local function pick(list)
  local at = math.random() * 100
  for _, entry in ipairs(list) do
    at = at - entry[1]
    if at < 0 then return entry[2] end
  end
  return list[#list][2]
end

local function chance(percent) return math.random() * 100 < percent end

local function one_of(list) return list[math.random(#list)] end

local countries = {
  { 62, { code = "FR", currency = "EUR", zones = { "Europe/Paris" }, locale = "fr",
          names = { "Camille", "Louis", "Inès", "Hugo", "Léa", "Jules", "Manon", "Zoé" },
          phone = function() return string.format("+3363998%04d", math.random(0, 9999)) end } },
  { 12, { code = "DE", currency = "EUR", zones = { "Europe/Berlin" }, locale = "en",
          names = { "Anna", "Jonas", "Lena", "Paul", "Mia", "Emre" },
          phone = function() return string.format("+493023125%03d", math.random(0, 999)) end } },
  { 10, { code = "GB", currency = "GBP", zones = { "Europe/London" }, locale = "en",
          names = { "Olivia", "Harry", "Priya", "George", "Isla" },
          phone = function() return string.format("+447700900%03d", math.random(0, 999)) end } },
  { 16, { code = "US", currency = "USD", locale = "en",
          zones = { "America/New_York", "America/Chicago", "America/Denver",
                    "America/Los_Angeles" },
          names = { "Emma", "Liam", "Sofia", "Noah", "Maya", "Ethan" },
          phone = function(zone)
            local area = { ["America/New_York"] = 212, ["America/Chicago"] = 312,
                           ["America/Denver"] = 303, ["America/Los_Angeles"] = 213 }
            return string.format("+1%d55501%02d", area[zone], math.random(0, 99))
          end } },
}

-- Prices in minor units by plan, and who subscribes to what.
local segments = {
  { 30, { name = "new", plans = { { 70, { "basic", 900 } }, { 30, { "plus", 2900 } } } } },
  { 52, { name = "loyal", plans = { { 45, { "plus", 2900 } }, { 40, { "family", 4900 } },
                                    { 15, { "yearly", 19900 } } } } },
  { 18, { name = "business", plans = { { 55, { "team", 9900 } }, { 30, { "office", 24900 } },
                                       { 15, { "company", 49900 } } } } },
}

local networks = { { 56, "visa" }, { 38, "mastercard" }, { 6, "amex" } }
local advice_of_funds = { { 40, "25" }, { 25, "26" }, { 20, "27" }, { 15, "24" } }

-- Why a recurring payment fails: the gateway's code, the network's, and what it asks for.
local declines = {
  { 38, { "insufficient_funds", "51", "retry_scheduled" } },
  { 14, { "do_not_honor", "05", "retry_scheduled" } },
  { 8, { "generic_decline", "05", "retry_scheduled" } },
  { 14, { "expired_card", "54", "request_new_method" } },
  { 6, { "authentication_required", "1A", "request_authentication" } },
  { 5, { "processing_error", "96", "retry_now" } },
  { 3, { "issuer_not_available", "91", "retry_now" } },
  { 2, { "lost_card", "41", "request_new_method" } },
  { 2, { "stolen_card", "43", "request_new_method" } },
  { 2, { "invalid_account", "46", "request_new_method" } },
  { 1.5, { "incorrect_number", "14", "request_data_fix" } },
  { 2, { "card_velocity_exceeded", "65", "retry_scheduled" } },
  { 1, { "call_issuer", "01", "contact_issuer" } },
  { 0.7, { "fraudulent", "59", "review_fraud" } },
  { 0.8, { "revocation_of_authorization", "R0", "stop_and_respect" } },
}

local wrong_phones = { "0639980000", "+33 6", "n/a", "+1555", "00000000000", "call me" }

local function new_customer(number)
  local country, segment = pick(countries), pick(segments)
  local zone, name = one_of(country.zones), one_of(country.names)
  local plain = name:gsub("è", "e"):gsub("é", "e")
  local mailbox = string.format("%s.%d@example.%s", plain:lower(), number, one_of { "com", "org" })
  local phone = country.phone(zone)
  if chance(12) then phone = "" elseif chance(6) then phone = one_of(wrong_phones) end
  return {
    id = string.format("customer-%04d", number), country = country, segment = segment,
    email = chance(1.5) and "" or mailbox, phone = phone, timezone = chance(8) and "" or zone,
    locale = chance(5) and "" or country.locale, name = name, in_crm = not chance(1),
  }
end

local function decline_json()
  local code, network_code, action = table.unpack(pick(declines))
  local network = pick(networks)
  if chance(4) then -- another gateway, which tells the action itself
    return string.format('{"provider":"bank","raw_code":"%s","action":"%s"}', network_code, action)
  end
  local fields = string.format('"provider":"stripe","raw_code":"%s","network":"%s"', code, network)
  if chance(85) and (network == "visa" or network_code ~= "1A") then
    fields = fields .. string.format(',"network_decline_code":"%s"', network_code)
  end
  if network == "mastercard" and code == "insufficient_funds" and chance(40) then
    fields = fields .. string.format(',"network_advice_code":"%s"', pick(advice_of_funds))
  end
  return "{" .. fields .. "}"
end

local function payment_json(number, customer, at)
  local plan, minor = table.unpack(pick(customer.segment.plans))
  return string.format(
    '{"specversion":"1.0","id":"evt-%05d","source":"/shop/billing","type":"payment.failed",' ..
    '"time":"%s","subject":"%s","data":{"invoice_id":"inv-%05d","subscription_id":"sub-%s",' ..
    '"amount":{"minor":%d,"currency":"%s"},"context":"recurring","attempt_no":1,"plan":"%s",' ..
    '"decline":%s}}',
    number, os.date("!%Y-%m-%dT%H:%M:%SZ", at), customer.id, number, customer.id:sub(10),
    minor, customer.country.currency, plan, decline_json())
end

local customers, owners = {}, {}
for number = 1, payments - second_invoices do
  customers[number] = new_customer(number)
  owners[number] = customers[number]
end
for _ = 1, second_invoices do owners[#owners + 1] = one_of(customers) end

local times = {}
for number = 1, payments do times[number] = first_event + math.random(0, spread_s - 1) end
table.sort(times)
for number = payments, 2, -1 do -- owners in any order
  local other = math.random(number)
  owners[number], owners[other] = owners[other], owners[number]
end

local lines = {}
for number = 1, payments do lines[number] = payment_json(number, owners[number], times[number]) end
for _ = 1, 60 do -- out of order: a line that arrives some places late
  local from = math.random(payments - 20)
  table.insert(lines, from + math.random(2, 20), table.remove(lines, from))
end
for _ = 1, 12 do -- the sender was not sure that we had it
  local from = math.random(#lines - 30)
  table.insert(lines, from + math.random(1, 30), lines[from])
end
local cut_short = lines[119]:sub(1, 80)
local no_id = lines[332]:gsub('"id":"[^"]*",', "")
local no_money = lines[511]:gsub('"amount":{[^}]*}', '"amount":"forty-nine euros"')
local no_such_type = lines[844]:gsub("payment%.failed", "payment.fialed"):gsub('"evt%-', '"evt-b')
for place, line in pairs { [120] = cut_short, [333] = no_id, [512] = no_money, [700] = "null",
                           [845] = no_such_type } do
  lines[place] = line .. "\n" .. lines[place]
end

local function write(name, text)
  local file <close> = assert(io.open(folder .. "/" .. name, "w"))
  file:write(text, "\n")
end

write("failed_payments.jsonl", table.concat(lines, "\n"))

for number = payments + 1, payments + other_customers do
  local other = new_customer(number)
  other.rto_risk = pick { { 30, "low" }, { 62, "" }, { 8, "high" } }
  other.campaign = pick { { 4, "winter" }, { 96, "" } }
  customers[#customers + 1] = other
end
local rows = { "id,email,phone,timezone,locale,segment,first_name,country,rto_risk,campaign" }
for _, c in ipairs(customers) do
  if c.in_crm then
    rows[#rows + 1] = table.concat({ c.id, c.email, c.phone, c.timezone, c.locale, c.segment.name,
                                     c.name, c.country.code, c.rto_risk or "", c.campaign or "" },
                                   ",")
  end
end
write("customers.csv", table.concat(rows, "\n"))
