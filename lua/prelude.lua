-- The vocabulary of Relance's files: flows, scripts, bundle.lua, events.lua, contact.lua, policies.
--
-- A file runs once and leaves data. Nearly every word here only builds a value that says what was
-- written and at which line; what it means, and whether it is right, the compiler decides. What a
-- function of a flow may call later is pure.
-- Embedded into the program; `native` is what C++ lends (engine/script/vocabulary.cpp).

local native = ...
local word, slip, raise = native.word, native.slip, native.raise
local floor, type_of = native.floor, native.type

-- Wants of an argument: its type, else a slip at the user's line.
local function wants(value, type_name, what)
  if type_of(value) == type_name then return true end
  if native.is_spoilt(value) then return false end
  slip("wrong_type", what .. " wants a " .. type_name .. ", not " .. native.describe(value))
  return false
end

-- What every file may use

local common = {}

local function unit(name, milliseconds)
  return function(n)
    if not wants(n, "number", name .. "(n)") then return native.spoilt end
    return native.duration(n, milliseconds)
  end
end
common.seconds, common.minutes = unit("seconds", 1000), unit("minutes", 60000)
common.hours, common.days = unit("hours", 3600000), unit("days", 86400000)

local currencies = {
  "EUR", "USD", "GBP", "CHF", "PLN", "CZK", "HUF", "RON", "SEK", "NOK", "DKK", "CAD", "AUD", "JPY",
}
local function money(code, amount) return native.money(code, amount) end
common.money = money
for _, code in native.ipairs(currencies) do
  common[native.lower(code)] = function(amount) return native.money(code, amount) end
end

-- at_least(3), at_least(eur "49"), at_least { eur "199", usd "199" }
local function bounds(name)
  return function(x)
    if native.is_plain_table(x) then return native.threshold(name, x) end
    return native.threshold(name, { x })
  end
end
common.at_least, common.below = bounds("at_least"), bounds("below")
function common.between(from, to, weekdays)
  return native.threshold("between", { from, to, weekdays })
end

common.type, common.tostring, common.tonumber = native.type, native.tostring, native.tonumber
common.ipairs, common.select = native.ipairs, native.select

function common.pairs(t)
  local keys, i = native.keys(t), 0
  return function()
    i = i + 1
    local key = keys[i]
    if key ~= nil then return key, t[key] end
  end
end

function common.error(message) raise(message) end
function common.assert(value, message, ...)
  if not value then raise(message or "assertion failed!") end
  return value, message, ...
end

-- Merge sort: stable, and the same on every machine.
local function sorted(list, from, to, before)
  if from >= to then return { list[from] } end
  local middle = floor((from + to) / 2)
  local a, b = sorted(list, from, middle, before), sorted(list, middle + 1, to, before)
  local merged, i, j = {}, 1, 1
  for k = 1, to - from + 1 do
    if j > #b or (i <= #a and not before(b[j], a[i])) then
      merged[k], i = a[i], i + 1
    else
      merged[k], j = b[j], j + 1
    end
  end
  return merged
end

common.table = { concat = native.concat, unpack = native.unpack }

function common.table.sort(list, before)
  local result = sorted(list, 1, #list, before or function(a, b) return a < b end)
  for i = 1, #list do list[i] = result[i] end
end

function common.table.insert(list, ...)
  local at, value = ...
  if native.select("#", ...) == 1 then
    list[#list + 1] = at
    return
  end
  for i = #list, at, -1 do list[i + 1] = list[i] end
  list[at] = value
end

function common.table.remove(list, at)
  local last = #list
  at = at or last
  local removed = list[at]
  for i = at, last do list[i] = list[i + 1] end
  return removed
end

common.math, common.string, common.utf8 = native.math, native.text, native.utf8

-- Builders

-- word { ... }
local function of_table(name)
  return function(fields)
    if not wants(fields, "table", name) then return native.spoilt end
    return word(name, fields)
  end
end

-- word "text"
local function of_text(name, field)
  return function(text)
    if not wants(text, "string", name) then return native.spoilt end
    return word(name, { [field] = text })
  end
end

-- event "payment.failed", event "payment.failed" { where = function(e) ... end }
local function event(type)
  if not wants(type, "string", "event") then return native.spoilt end
  return word("event", { type = type }, function(_, options)
    if not wants(options, "table", "event \"" .. type .. "\"") then return native.spoilt end
    local full = { type = type }
    for _, key in native.ipairs(native.keys(options)) do full[key] = options[key] end
    return word("event", full)
  end)
end

-- before "event.pickup_at" { days = 1, at = "10:00" }, since "event.time" (minutes(60))
local function moment(name)
  return function(path)
    if not wants(path, "string", name) then return native.spoilt end
    return word(name, { path = path }, function(_, offset)
      if native.is_plain_table(offset) then
        local full = { path = path }
        for _, key in native.ipairs(native.keys(offset)) do full[key] = offset[key] end
        return word(name, full)
      end
      return word(name, { path = path, offset = offset })
    end)
  end
end

-- absence_of "order.placed" (days(90))
local function absence_of(type)
  if not wants(type, "string", "absence_of") then return native.spoilt end
  return word("absence_of", { type = type }, function(_, after)
    return word("absence_of", { type = type, after = after })
  end)
end

-- flow "name" { ... }, script "name" { ... }: gives the ledger to which steps are written.
local function ledger(kind)
  return function(name)
    if not wants(name, "string", kind) then return native.spoilt end
    return word(kind, { name = name }, function(_, header)
      if not wants(header, "table", kind .. " \"" .. name .. "\"") then return native.spoilt end
      return native.begin(kind, name, header)
    end)
  end
end

local event_words = { event = event, any = of_table("any") }
local edge_words = { all = of_table("all"), ignore = native.ignore }

-- One vocabulary a kind of file

local function sheet(...)
  local names = {}
  for _, part in native.ipairs({ common, ... }) do
    for _, key in native.ipairs(native.keys(part)) do names[key] = part[key] end
  end
  return names
end

local function kinds(names)
  local made = {}
  for _, name in native.ipairs(names) do made[name] = of_table(name) end
  return made
end

local sheets = {}

sheets.flow = sheet(event_words, edge_words, kinds(native.step_kinds), {
  flow = ledger("flow"),
  ended = of_table("ended"),
  policy = of_text("policy", "name"),
  before = moment("before"),
  since = moment("since"),
  until_local = of_text("until_local", "at"),
  never_again = word("never_again", {}),
  once_per_key = word("once_per_key", {}),
  again_after = function(span) return word("again_after", { span }) end,
  any_channel = word("any_channel", {}),
  segment = of_table("segment"),
  absence_of = absence_of,
  ago = function(span) return word("ago", { span }) end,
})

sheets.script = sheet(event_words, edge_words, kinds(native.turn_kinds), {
  script = ledger("script"),
  one_of = of_table("one_of"),
})

local type_names = { "text", "number", "money", "instant", "date", "boolean", "record" }
local types = {}
for _, name in native.ipairs(type_names) do
  types[name] = word(name, {})
end
sheets.events = sheet(types, { events = of_table("events") })

sheets.bundle = sheet({
  bundle = of_table("bundle"),
  secret = of_text("secret", "name"),
  plugin = function(id)
    if not wants(id, "string", "plugin") then return native.spoilt end
    return word("plugin", { id = id }, function(_, config)
      return word("plugin", { id = id, config = config })
    end)
  end,
})

sheets.contact = sheet(event_words, {
  contact = of_table("contact"),
  never = of_table("never"),
  mutex = of_table("mutex"),
  max = of_table("max"),
  guard = of_table("guard"),
  any_channel = word("any_channel", {}),
  any_flow = word("any_flow", {}),
  responded_to_campaign = word("responded_to_campaign", {}),
})

sheets.policy = sheet({})
sheets.test = sheet({})

return sheets
