-- Memory without end: texts, tables, results, and what the engine would copy of them.

--- a text that doubles | step when | stopped E0122
local s = "x"
while true do s = s .. s end --!

--- a text of a billion letters | step when | stopped E0122
return ("x"):rep(1e9) ~= "" --!

--- a letter repeated a quintillion times | step when | stopped E0122
return ("x"):rep(math.maxinteger, "") == "" --!

--- an empty text repeated for ever | step when | harmless
return (""):rep(math.maxinteger) == ""

--- a table of a billion numbers | step when | stopped E0122
local t = {}
for i = 1, 1e9 do t[i] = i end --!

--- a list of lists of lists | step when | stopped E0121 or E0122
local t = {}
while true do t = { t, { t, { t } } } end --!

--- texts made and thrown away | step when | stopped E0122
local s = ("x"):rep(200000)
for i = 1, 1e6 do local t = s .. i end --!

--- a function made in each turn | step when | stopped E0121 or E0122
local all = {}
while true do all[#all + 1] = function() return all end end --!

--- a list of one long text sixty thousand times | send data | stopped E0126
local s, t = ("x"):rep(4000), {}
for i = 1, 60000 do t[i] = s end
return { list = t }

--- a record of one long text under many names | send data | stopped E0126
local s, t = ("x"):rep(4000), {}
for i = 1, 10000 do t["n" .. i] = s end
return t

--- lists in lists, each many times | send data | stopped E0126
local t = { "x" }
for i = 1, 24 do t = { t, t, t, t, t, t, t, t } end
return { list = t }

--- a result that holds itself | send data | stopped E0126
local t = {}
t.t = t
return t

--- the event as an answer a thousand times | send data | harmless
local t = {}
for i = 1, 1000 do t[i] = run.event end
return { list = t }

--- a word of a quarter million letters | decide by | stopped E0109
return ("yes"):rep(80000)

--- a step with one long text sixty thousand times | flow middle | refused E0126
local s, t = ("x"):rep(16000), {}
for i = 1, 60000 do t[i] = s end
f.y = record { what = "y", data = { list = t } } --!

--- a table of a million entries in a flow | flow top | refused E0122
local t = {}
for i = 1, 1e6 do t[i] = i end --!

--- a long text kept at the top of a flow | flow top | refused E0122
local s = ("x"):rep(200000) --!

--- a hundred thousand texts kept for ever | flow top | refused E0122
local all = {}
for i = 1, 100 do
  all[i] = {}
  for n = 1, 10000 do all[i][n] = "text " .. i .. ":" .. n end
end

--- so many texts that their table must grow | function of the file | harmless
local all = {}
for i = 1, 6 do
  all[i] = {}
  for n = 1, 30000 do all[i][n] = i * 100000 + n .. "" end
end
local function attack(run)
  for i = 1, 5000 do local s = "new" .. run.failures .. i end
  return #all > 0
end

--- sixteen megabytes of joined texts | step when | stopped E0122
local parts = {}
for i = 1, 250 do parts[i] = ("x"):rep(1000) end
while true do local s = table.concat(parts) end --!

--- a replacement that repeats the whole match | step when | stopped E0122
return ("a"):rep(60000):gsub(".*", ("%0"):rep(100000)) ~= "" --!

--- a replacement that repeats each match | step when | stopped E0122
return ("a"):rep(60000):gsub(".", ("b"):rep(200000)) ~= "" --!

--- replacements from a table of long texts | step when | stopped E0122
return ("a"):rep(60000):gsub(".", { a = ("b"):rep(100000) }) ~= "" --!

--- a format that pads without end | step when | stopped E0121 or E0122
local numbers = {}
for i = 1, 200 do numbers[i] = 1e308 end
local form = ("%99.99f"):rep(200)
while true do local s = string.format(form, table.unpack(numbers)) end --!

--- letters by the thousand | step when | stopped E0122
while true do local s = utf8.char(0x20ac, 0x20ac, 0x20ac):rep(50000) end --!

--- values by the thousand | step when | stopped E0126
return select("#", ("x"):rep(20000):byte(1, -1)) > 0 --!

--- values of an empty list | step when | stopped E0126
while true do table.unpack({}, 1, 60000) end --!

--- code points by the thousand | step when | stopped E0126
return select("#", utf8.codepoint(("x"):rep(20000), 1, -1)) > 0 --!

--- a list of the keys of a large table, again and again | step when | stopped E0121
local t = {}
for i = 1, 20000 do t[i] = i end
while true do for _ in pairs(t) do break end end --!
