-- What a file does while it is loaded: floods of steps, slips and values, names that are no names.

--- a million steps | flow middle | refused E0126
for i = 1, 1e6 do f["s" .. i] = record { what = "y" } end

--- a million names that are no names | flow middle | refused E0126
for i = 1, 1e6 do f["S" .. i] = record { what = "y" } end --!

--- a million steps that are no steps | flow middle | refused E0109
for i = 1, 1e6 do f["s" .. i] = i end

--- a million steps that are not there | flow middle | refused E0121
for i = 1, 1e6 do local x = f["s" .. i] end --!

--- a million outcomes that are not there | flow middle | refused E0107
for i = 1, 1e6 do local x = f.x["word" .. i] end --!

--- a million edges ignored | flow middle | refused E0121 or E0122
for i = 1, 1e6 do ignore { f.x.failed } end --!

--- a million slips | flow top | refused E0126
for i = 1, 1e6 do eur("1." .. i .. "x") end --!

--- a million slips of long words | flow top | refused E0126
local long = ("x"):rep(10000)
for i = 1, 1e6 do eur(long .. i) end --!

--- a million unknown names | flow top | refused E0103
for i = 1, 1e6 do local x = _ENV["n" .. i] end --!

--- a million names written | flow top | refused E0103
local env = _ENV
for i = 1, 1e6 do env["n" .. i] = i end --!

--- a million words | flow top | refused E0121 or E0122
local all = {}
for i = 1, 1e6 do all[i] = at_least { i } end --!

--- a table described again and again | flow top | refused E0109
local big = {}
for i = 1, 20000 do big[i] = "text" end
for i = 1, 1e6 do hours(big) end --!

--- a large table in each step | flow middle | refused E0121 or E0122
local big = {}
for i = 1, 60000 do big[i] = i end
for i = 1, 199 do f["s" .. i] = record { what = "y", data = { big = big } } end --!

--- a step named by a table | flow middle | refused E0109
f[{}] = record { what = "y" } --!

--- a step named by a number | flow middle | refused E0109
f[1] = record { what = "y" } --!

--- a step read by a truth | flow middle | refused E0109
local x = f[true] --!

--- an outcome that is a truth | flow middle | refused E0109
f.d = decide { outcomes = { "boolean", "table", "number" }, by = function() return "table" end }
f.y = record { what = "y", after = f.d[true] } --!

--- an outcome that is a table | flow middle | refused E0109
f.d = decide { outcomes = { "boolean", "table", "number" }, by = function() return "table" end }
f.y = record { what = "y", after = f.d[{}] } --!

--- an outcome that is a number | flow middle | refused E0109
f.d = decide { outcomes = { "boolean", "table", "number" }, by = function() return "table" end }
f.y = record { what = "y", after = f.d[5] } --!

--- a flow begun twice | flow middle | refused E0120
local again = flow "attacker" { start = event "payment.failed", key = "invoice_id" } --!

--- a flow named by a table | flow top | refused E0109
local x = flow({}) --!

--- a step that is the flow | flow middle | refused E0109
f.y = f --!

--- a step of a step | flow middle | refused E0109
f.x.failed = record { what = "y" } --!

--- a step that waits for everything a thousand times | flow middle | harmless
local edges = {}
for i = 1, 5000 do edges[i] = f.x.done end
f.y = record { what = "y", after = any(edges) }

--- edges in any in all in any | flow middle | refused E0126
local edge = f.x.done
for i = 1, 40 do edge = i % 2 == 0 and any { edge, edge } or all { edge, edge } end
f.y = record { what = "y", after = edge } --!

--- a hundred steps, each after all before | flow middle | harmless
local before = { f.x.done }
for i = 1, 100 do
  f["s" .. i] = act { on = "shop", op = "look", after = any(before) }
  before[#before + 1] = f["s" .. i].done
  ignore { f["s" .. i].failed, f["s" .. i].refused }
end

--- sixty joins of joins | flow middle | harmless
local a, b = f.x.done, f.x.refused
for i = 1, 60 do
  f["l" .. i] = act { on = "shop", op = "look", after = any { a, b } }
  f["r" .. i] = act { on = "shop", op = "look", after = any { a, b } }
  a, b = f["l" .. i].done, f["r" .. i].refused
  ignore { f["l" .. i].failed, f["l" .. i].refused, f["r" .. i].failed, f["r" .. i].done }
end

--- a decision table of thousands of cells | flow middle | harmless
local rows = {}
for r = 1, 200 do
  local words = {}
  for i = 1, 250 do words[i] = "w" .. r .. "_" .. i end
  rows[r] = { a = words, b = at_least(r), c = below(r + 1), outcome = "o" .. r % 7 }
end
f.d = decide { by = { a = "event.context", b = "event.amount", c = "event.amount" }, rows = rows,
               otherwise = "none", hit = "first" }

--- a decision table of many columns | flow middle | refused E0119
local by, rows = {}, {}
for c = 1, 30 do by["c" .. c] = "customer.x" .. c end
for r = 1, 120 do
  rows[r] = { outcome = "o" .. r % 3 }
  for c = 1, 30 do rows[r]["c" .. c] = (r * c) % 11 end
end
f.d = decide { by = by, rows = rows, otherwise = "none", hit = "first" }

--- ten thousand outcomes | flow middle | harmless
local words = {}
for i = 1, 10000 do words[i] = "w" .. i end
f.d = decide { outcomes = words, by = function() return "w1" end }

--- a cell that is a function | flow middle | refused E0109
f.d = decide { by = { a = "event.context" }, otherwise = "none",
  rows = { { a = function() while true do end end, outcome = "x" } } } --!

--- a function among the data of a step | flow middle | refused E0109
f.y = record { what = "y", data = { a = function() while true do end end } } --!

--- a hundred thousand event types | events top | refused E0121 or E0122
local all = {}
for i = 1, 100000 do all["type" .. i] = { a = text } end --!
do return events(all) end

--- twenty thousand event types | events top | harmless
local all = {}
for i = 1, 12000 do all["a.type" .. i] = { a = text } end
do return events(all) end

--- a thousand windows | contact top | refused E0121 or E0122
local windows = {}
for i = 1, 1e6 do windows["c" .. i] = between("09:00", "21:00") end --!
do return contact { windows = windows } end

--- channels by the thousand | bundle top | refused E0121 or E0122
local channels = {}
for i = 1, 1e6 do channels["c" .. i] = plugin "relance.sandbox" { } end --!
do return bundle { name = "shop", channels = channels } end

--- words heard by the thousand | script top | refused E0121 or E0122
local words = {}
for i = 1, 1e6 do words[i] = one_of { "w" .. i } end --!

