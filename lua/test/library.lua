-- The flow-test library: what a bundle's *_test.lua sees beside the flow vocabulary. This chunk has
-- Lua's own base, table and math libraries and the sandbox's texts, and is called with the table
-- `host` of eleven primitives. It gives back
--
--   globals  describe, it, before_each, after_each, assert, sim, talk: for the environment of the
--            test file
--   tests    list of { name, body }, filled while a test file runs. Each body is then called
--            protected, in this order; a failed assertion is an error that begins with file:line.
--
-- The host is an engine on virtual time with a memory store and scripted channels. A primitive that
-- cannot do what it is asked returns nil and a sentence; the library raises it at the line of the
-- test. `handle`: a positive integer that stands for a run. `..._ms`: integers, instants as ms
-- since 1970 UTC; all other instants are RFC 3339 text.
--
--   host.open { at_ms, contact } -> now_ms
--       A fresh engine and CRM; what was before is dropped. at_ms nil: 2026-01-05T08:00:00Z.
--       contact: fields to lay over those of contact.lua, as it would write them; or nil.
--   host.customer(record) -> true
--       What the CRM knows of record.id from now on. Fields that are not given are made up: email,
--       phone, first_name, timezone and locale of the bundle, and what a fetch needs; false: there
--       is none. consents: a list of { channel, purpose, given }; not given: all.
--   host.start(flow, data, type, customer) -> handle
--       Queues the start event; nothing runs. type nil: the only one of the flow. Of absence_of and
--       segment the run begins as if just found: `data` is of the last such event, and what the
--       segment asks of the CRM is there where the test did not say otherwise. The handle stands
--       for the run that the event will begin or join; handles of one run share what is scripted.
--   host.steps(handle) -> list of names
--       Every step of the run's flow, whether a run began or not.
--   host.event(type, data, customer, handle) -> true
--       Queues an event at this instant. With a handle: of that run's customer, the run's key
--       fields where `data` lacks them; a type about touches means the run's latest touch.
--   host.script(handle, side, name, op, answers) -> true
--       side: "channel" (op nil) or "connector" (op: "read" of the CRM). Given in order, the last
--       repeats: { word, data }, or { talk = { [ask] = { word, data } }, lasts_ms }. Not scripted:
--       delivered, no_answer, declined, done, found. In a call say and verify go well, an ask
--       that is not named stays silent, a turn takes 5 s, the caller hangs up after lasts_ms (nil:
--       never).
--   host.step(limit_ms) -> now_ms
--       Moves the clock to the next instant at which anything is due (now, where something is
--       queued), at most to limit_ms, and runs all that is due there.
--   host.runs(flow) -> list of handles
--       In order of their start; flow nil: of all flows.
--   host.view(handle) -> view, or false when no run began
--       { run, flow, version, customer, started_at, ended_at, ended, reason, steps, touches, acts,
--         records, packets }
--       ended    nil while it runs, else goal, stopped, expired, completed, failed, excluded or
--                holdout
--       steps    begun ones: ended, in order of ending, then those under way, as { name, outcome,
--                reason, data, sent_at }; outcome nil until it ended, sent_at: its first dispatch
--       touches  as `relance touches --json` gives them, oldest first
--       acts     done by act, hold and undo: { on, op, data }; records: { what, data }
--       packets  step -> context packet of its hand-off
--   host.resolve(handle, step, word, data) -> true
--       A person takes the item of this hand-off and ends it with the word.
--   host.ms(value) -> integer
--       Of a duration of the vocabulary, or of an RFC 3339 text.
local host = ...

local tests = {}
local now_ms, settings, customer, scheduled, awaited

local deepest = 32  -- tables in tables

-- A value as a test's author would write it.
local function show(value, depth)
  if type(value) == "string" then return string.format("%q", value) end
  if type(value) ~= "table" then return tostring(value) end
  depth = (depth or 0) + 1
  if depth > deepest then return "..." end
  local names, parts = {}, {}
  for place, item in ipairs(value) do parts[place] = show(item, depth) end
  for key in pairs(value) do
    if math.type(key) ~= "integer" then names[#names + 1] = key end
  end
  table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
  for _, key in ipairs(names) do
    parts[#parts + 1] = tostring(key) .. " = " .. show(value[key], depth)
  end
  return "{ " .. table.concat(parts, ", ") .. " }"
end

local function same(a, b, depth)
  if a == b then return true end
  if type(a) ~= "table" or type(b) ~= "table" then return false end
  depth = (depth or 0) + 1
  if depth > deepest then return false end
  for key, value in pairs(a) do
    if not same(value, b[key], depth) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

local checks = {}

local function check(ok, message, what)
  if not ok then error(message and message .. ": " .. what or what, 3) end
end

function checks.equal(expected, actual, message)
  check(expected == actual, message, "expected " .. show(expected) .. ", found " .. show(actual))
end

function checks.not_equal(unexpected, actual, message)
  check(unexpected ~= actual, message, "expected anything but " .. show(unexpected))
end

function checks.same(expected, actual, message)
  local what = "expected " .. show(expected) .. ", found " .. show(actual)
  check(same(expected, actual), message, what)
end

function checks.is_true(actual, message)
  check(actual == true, message, "expected true, found " .. show(actual))
end

function checks.is_false(actual, message)
  check(actual == false, message, "expected false, found " .. show(actual))
end

function checks.is_nil(actual, message)
  check(actual == nil, message, "expected nil, found " .. show(actual))
end

function checks.is_not_nil(actual, message)
  check(actual ~= nil, message, "expected a value, found nil")
end

function checks.matches(pattern, actual, message)
  local found = type(actual) == "string" and string.find(actual, pattern)
  check(found, message, "expected text matching " .. show(pattern) .. ", found " .. show(actual))
end

local assert = setmetatable(checks, {
  __call = function(_, value, message)
    check(value, nil, message or "expected something true, found " .. show(value))
    return value
  end,
})

-- What the host answered; its refusal becomes an error at the line of the test that called the
-- library's function.
local function told(value, problem)
  if value == nil then error(problem, 3) end
  return value
end

-- The engine under test opens late, so that settings come first.
local function open()
  if now_ms then return true end
  local opened, problem = host.open(settings)
  if not opened then return nil, problem end
  now_ms = opened
  return host.customer({ id = customer })
end

local function schedule(at_ms, send)
  local place = #scheduled + 1
  while place > 1 and scheduled[place - 1].at_ms > at_ms do place = place - 1 end
  table.insert(scheduled, place, { at_ms = at_ms, send = send })
end

-- An event of this instant: at once, so that a slip in it stands at its own line; after those that
-- wait for this instant already.
local function send_now(send)
  if scheduled[1] and scheduled[1].at_ms <= now_ms then return schedule(now_ms, send) end
  told(send())
end

-- Events that wait for the first dispatch of a step get their instant once it is known.
local function schedule_awaited()
  for place = #awaited, 1, -1 do
    local wait = awaited[place]
    local view = host.view(wait.handle)
    for _, step in ipairs(view and view.steps or {}) do
      if step.name == wait.step and step.sent_at then
        schedule(math.max(now_ms, host.ms(step.sent_at) + wait.delay_ms), wait.send)
        table.remove(awaited, place)
      end
    end
  end
end

-- To be called as a tail call by what the test calls, so that errors stand at the test's line.
local function advance(duration)
  told(open())
  local limit_ms = now_ms + host.ms(duration)
  repeat
    while scheduled[1] and scheduled[1].at_ms <= now_ms do
      told(table.remove(scheduled, 1).send())
    end
    local next_ms = scheduled[1] and math.min(limit_ms, scheduled[1].at_ms) or limit_ms
    now_ms = told(host.step(next_ms))
    schedule_awaited()
  until now_ms >= limit_ms and not (scheduled[1] and scheduled[1].at_ms <= now_ms)
end

local Talk = {}

-- A caller who answers the asks of a script: talk { why = "no_funds", lasts = minutes(6) }.
local function talk(turns) return setmetatable(turns, Talk) end

-- "declined", or { "declined", field = value }, to { word, data }.
local function answer(value)
  if type(value) == "string" then return { word = value } end
  local data = {}
  for key, field in pairs(value) do
    if key ~= 1 then data[key] = field end
  end
  return { word = value[1], data = data }
end

local function scripted(value)
  if getmetatable(value) ~= Talk then return answer(value) end
  local played = { talk = {} }
  for turn, heard in pairs(value) do
    if turn == "lasts" then
      played.lasts_ms = host.ms(heard)
    else
      played.talk[turn] = answer(heard)
    end
  end
  return played
end

-- An object whose `will(...)` says how a channel or connector answers this run.
local function answering(handle, side, name)
  local function tell(op, values)
    local answers = {}
    for place, value in ipairs(values) do answers[place] = scripted(value) end
    return host.script(handle, side, name, op, answers)
  end
  if side == "channel" then
    return { will = function(_, ...) told(tell(nil, { ... })) end }
  end
  return { will = function(_, op, ...) told(tell(op, { ... })) end }
end

local Run = {}
Run.__index = Run

local function viewed(run, level)
  local view = host.view(run.handle)
  if not view then error("no run began: advance first, or its event started none", level or 3) end
  return view
end

-- A name that is no step's would only ever find nothing.
local function knows_step(run, name)
  local known = told(host.steps(run.handle))
  for _, step in ipairs(known) do
    if step == name then return end
  end
  local steps = table.concat(known, ", ")
  error("the flow has no step '" .. tostring(name) .. "'; it has " .. steps, 3)
end

-- The state of a step: empty when it has not begun.
local function step_of(run, name)
  knows_step(run, name)
  for _, step in ipairs(viewed(run, 4).steps) do
    if step.name == name then return step end
  end
  return {}
end

function Run:channel(name) return answering(self.handle, "channel", name) end

function Run:connector(name) return answering(self.handle, "connector", name) end

function Run:event(kind, data)
  local handle = self.handle
  send_now(function() return host.event(kind, data or {}, nil, handle) end)
end

function Run:after(step, duration)
  knows_step(self, step)
  local handle = self.handle
  return {
    event = function(_, kind, data)
      awaited[#awaited + 1] = {
        handle = handle, step = step, delay_ms = host.ms(duration),
        send = function() return host.event(kind, data or {}, nil, handle) end,
      }
    end,
  }
end

function Run.advance(_, duration) return advance(duration) end

function Run:ended() return viewed(self).ended end

function Run:ended_at() return viewed(self).ended_at end

-- Touches that were sent, oldest first; of one channel if asked.
function Run:touches(filter)
  local sent = {}
  for _, touch in ipairs(viewed(self).touches) do
    local wanted = not filter or not filter.channel or filter.channel == touch.channel
    if touch.sent_at and wanted then sent[#sent + 1] = touch end
  end
  return sent
end

-- How often the customer was contacted.
function Run:contacts()
  local count = 0
  for _, touch in ipairs(viewed(self).touches) do
    if touch.sent_at and touch.contact then count = count + 1 end
  end
  return count
end

function Run:acts(op)
  local count = 0
  for _, act in ipairs(viewed(self).acts) do
    if act.op == op then count = count + 1 end
  end
  return count
end

function Run:recorded(what)
  for _, record in ipairs(viewed(self).records) do
    if record.what == what then return record.data end
  end
end

function Run:packet(step)
  step_of(self, step)
  return host.view(self.handle).packets[step]
end

-- What happened, as the flow writes it: { "profile.found", "move.retry", "retry.declined", ... }.
function Run:path()
  local ended = {}
  for _, step in ipairs(viewed(self).steps) do
    if step.outcome then ended[#ended + 1] = step.name .. "." .. step.outcome end
  end
  return ended
end

function Run:outcome(step) return step_of(self, step).outcome end

function Run:reason(step) return step_of(self, step).reason end

-- What the last touch of this step said: { subject, text }.
function Run:rendered(step)
  step_of(self, step)
  local last
  for _, touch in ipairs(host.view(self.handle).touches) do
    if touch.step == step and touch.sent_at then last = touch.rendered end
  end
  return last
end

function Run:resolve(step, word, data)
  step_of(self, step)
  told(host.resolve(self.handle, step, word, data or {}))
end

local sim = {}

-- Settings of the engine come before anything happens in it.
local function set(name, value)
  if now_ms then error("this comes before the first start, event or customer of a test", 3) end
  settings[name] = value
end

function sim.at(instant) set("at_ms", host.ms(instant)) end

function sim.contact(rules) set("contact", rules) end

-- The customer of all that follows.
function sim.customer(record)
  customer = record.id or customer
  told(open())
  local known = {}
  for field, value in pairs(record) do known[field] = value end
  known.id = customer
  told(host.customer(known))
end

-- Sends the start event of a run; nothing runs before the first advance.
function sim.start(flow, data, kind)
  told(open())
  local handle = told(host.start(flow, data or {}, kind, customer))
  return setmetatable({ handle = handle }, Run)
end

function sim.event(kind, data)
  told(open())
  local about = customer
  send_now(function() return host.event(kind, data or {}, about) end)
end

function sim.advance(duration) return advance(duration) end

function sim.runs(filter)
  told(open())
  local runs = {}
  for _, handle in ipairs(told(host.runs(filter and filter.flow))) do
    runs[#runs + 1] = setmetatable({ handle = handle }, Run)
  end
  return runs
end

local names, hooks = {}, { before = {}, after = {} }

local function copied(list) return table.move(list, 1, #list, 1, {}) end

local function begin_test()
  now_ms, scheduled, awaited = nil, {}, {}
  settings, customer = {}, "customer-1"
end

-- Groups tests; the name stands before theirs.
local function describe(name, body)
  local outer = hooks
  hooks = { before = copied(outer.before), after = copied(outer.after) }
  names[#names + 1] = name
  body()
  names[#names] = nil
  hooks = outer
end

local function it(name, body)
  names[#names + 1] = name
  local before, after = hooks.before, hooks.after
  tests[#tests + 1] = {
    name = table.concat(names, " "),
    body = function()
      begin_test()
      for _, hook in ipairs(before) do hook() end
      body()
      for _, hook in ipairs(after) do hook() end
    end,
  }
  names[#names] = nil
end

local function before_each(hook) table.insert(hooks.before, hook) end

local function after_each(hook) table.insert(hooks.after, 1, hook) end

return {
  tests = tests,
  globals = {
    describe = describe, it = it, before_each = before_each, after_each = after_each,
    assert = assert, sim = sim, talk = talk,
  },
}
