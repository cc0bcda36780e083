-- Writing to what other functions, runs and flows see, or remembering from call to call.

--- a library function replaced | step when | stopped E0129
string.upper = function() return "hacked" end --!
return true

--- a library replaced | step when | refused E0103
string = {} --!
return true

--- a word of the language replaced | flow top | refused E0103
eur = function() return 1 end --!

--- a name planted in the environment | step when | stopped E0103
local env = _ENV
env.planted = run.event --!
return true

--- a sort of the libraries | step when | stopped E0129
table.insert(string, "planted") --!
return true

--- a method planted for every text | step when | stopped E0102
local s = ""
s.upper = function() return "hacked" end --!
return true

--- what the methods of texts stand in | step when | stopped E0129
local methods = ("").rep and string
methods.rep = nil --!
return true

--- a constant of mathematics | step when | stopped E0129
math.huge = 1 --!
return true

--- the event | step when | stopped E0109
run.event.amount = eur "0" --!
return true

--- a record inside the event | step when | stopped E0109
run.event.decline.action = "retry_later" --!
return true

--- the run | step when | stopped E0109
run.failures = 99 --!
return true

--- the customer | step when | stopped E0109
run.customer.segment = "gold" --!
return true

--- a step | step when | stopped E0109
run.steps.x.outcome = "delivered" --!
return true

--- what is remembered of the customer | step when | stopped E0109
run.said.yes = true --!
return true

--- the touches | step when | stopped E0109
run.touches.last = function() return nil end --!
return true

--- an item put into the event | step when | stopped E0109
table.insert(run.event, 1)
return true

--- a sum of money | step when | stopped E0109
local amount = run.event.amount
amount.minor = 1 --!
return true

--- a variable of the file | function of the file | refused E0129
local count = 0
local function attack()
  count = count + 1 --!
  return count > 2
end

--- a table of the file | function of the file | stopped E0129
local seen = {}
local function attack()
  seen[#seen + 1] = 1 --!
  return #seen > 2
end

--- a table inside a table of the file | function of the file | stopped E0129
local kept = { inside = { n = 0 } }
local function attack()
  kept.inside.n = kept.inside.n + 1 --!
  return kept.inside.n > 2
end

--- a variable of a function that made the function | function of the file | refused E0129
local function maker()
  local count = 0
  return function()
    count = count + 1 --!
    return count > 2
  end
end
local attack = maker()

--- a variable two functions further out | function of the file | refused E0129
local function maker()
  local last
  local function keep(value)
    local before = last
    last = value --!
    return before
  end
  return function(run) return keep(run.event) ~= nil end
end
local attack = maker()

--- an iterator over a text, begun at the top | function of the file | refused E0129
local letters = ("abcdefgh"):gmatch(".")
local function attack() return letters() == "c" end

--- an iterator over a table, begun at the top | function of the file | refused E0129
local each = pairs({ 1, 2, 3, 4, 5, 6, 7, 8 })
local function attack() return each() == 3 end

--- an environment of its own | function of the file | refused E0129
local outer = _ENV
local function attack(run)
  local before = _ENV
  _ENV = { run = run.event } --!
  return before ~= outer
end

--- an environment put in place at the top | function of the file | refused E0129
local real = _ENV
_ENV = { hours = {}, flow = flow, event = event, days = days, act = act, ignore = ignore } --!
local function attack(run)
  hours.kept = run.event
  return true
end

--- an environment that is a variable | function of the file | stopped E0129
local flow, event, days, act, ignore = flow, event, days, act, ignore
local _ENV = { hours = {}, flow = flow, event = event, days = days, act = act, ignore = ignore }
local function attack(run)
  hours.kept = run.event --!
  return true
end

--- a word of the language that every file shares | step when | stopped E0109
never_again.kept = run.event --!
return true

--- a bound that remembers | function of the file | stopped E0109
local high = at_least { eur "100", eur "1" }
local function attack(run)
  high.kept = run.event --!
  return true
end

--- a bound whose amount is moved | function of the file | stopped E0109
local high = at_least { eur "100" }
local function attack(run)
  high[1] = eur "1" --!
  return run.event.amount >= high
end

--- the amounts of a bound, kept beside it | function of the file | stopped E0129
local amounts = { eur "100" }
local high = at_least(amounts)
local function attack(run)
  amounts[1] = eur "1" --!
  return run.event.amount >= high
end

--- a record of the event kept for the next call | function of the file | stopped E0102
local high = at_least { 1 }
local function attack(run)
  local before = high.kept --!
  high.kept = run.event.decline
  return before ~= nil and before.action == "retry_now"
end

--- a value kept for the next answer | record data | stopped E0102
local kept = never_again.kept --!
never_again.kept = run.event.decline
return { kept = kept }

--- the vocabulary of another file | step when | stopped E0109
any_channel.text = "all" --!
return true
