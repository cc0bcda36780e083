-- Library functions that do much work in one instruction.

--- a pattern of many maybes | step when | stopped E0121
return (("a"):rep(30)):find(("a?"):rep(30) .. ("a"):rep(30)) ~= nil --!

--- dots and minuses in a row | step when | stopped E0121
return (("a"):rep(60000)):find(".-.-.-.-.-.-b") ~= nil --!

--- stars in a row | step when | stopped E0121
return (("a"):rep(5000)):find("a*a*a*a*a*a*b") ~= nil --!

--- captures that start anywhere | step when | stopped E0121
return (("a"):rep(30000)):match("(.-)(.-)(.-)(.-)x") ~= nil --!

--- a capture that must come again | step when | stopped E0121
return (("a"):rep(60000)):find("(.*)(.*)%1%2b") ~= nil --!

--- brackets that never close | step when | stopped E0121
return (("("):rep(60000)):find("%b()x") ~= nil --!

--- a pattern parsed again for each match | step when | stopped E0121
local pattern = ("%a?"):rep(80)
while true do for _ in ("ab"):gmatch(pattern) do end end --!

--- patterns of classes by the hundred | step when | stopped E0121
local pattern = "[" .. ("%a%d"):rep(60) .. "]"
while true do local found = ("ab"):find(pattern) end --!

--- a pattern on a text that is too long | step when | stopped E0126
return (("a"):rep(70000)):find("b") ~= nil --!

--- a pattern that is too long | step when | stopped E0126
return ("x"):find(("a"):rep(300)) ~= nil --!

--- a malformed pattern | step when | stopped E0126
return ("x"):find("[a-") ~= nil --!

--- too many captures | step when | stopped E0126
return ("x"):find(("()"):rep(40)) ~= nil --!

--- a plain search that nearly finds | step when | stopped E0121
local text, wanted = ("a"):rep(65000), ("a"):rep(30000) .. "b"
while true do local at = text:find(wanted, 1, true) end --!

--- a global replacement by a loop | step when | stopped E0121
local s = ("ab"):rep(10000)
while true do s = s:gsub("ab", "ba") end --!

--- a text reversed for ever | step when | stopped E0121 or E0122
local s = ("ab"):rep(60000)
while true do local r = s:reverse():upper():lower() end

--- two equal long texts compared for ever | step when | stopped E0121
local a, b = ("x"):rep(250000) .. "a", ("x"):rep(250000) .. "b"
local n = 0
while true do if a == b then n = n + 1 end end --!

--- two long texts ordered for ever | step when | stopped E0121
local a, b = ("x"):rep(250000) .. "a", ("x"):rep(250000) .. "b"
local n = 0
while true do if a < b then n = n + 1 end end --!

--- long texts of the file compared for ever | function of the file | stopped E0121
local a, b = ("x"):rep(16000) .. "a", ("x"):rep(16000) .. "b"
local function attack()
  local n = 0
  while true do if a == b or a < b then n = n + 1 end end --!
end

--- a table asked for a long key for ever | step when | stopped E0121
local t = { [("x"):rep(250000)] = 1 }
local key = ("x"):rep(250000)
while true do local n = t[key] end --!

--- a long numeral as a limit of a loop | step when | stopped E0121 or E0122
local digits = ("1"):rep(250000)
while true do
  for i = 1, digits do break end
end

--- a long numeral times an hour | step when | stopped E0109
local zeros = ("0"):rep(250000) .. "1"
while true do local span = hours(1) * zeros end --!

--- a long numeral read for ever | step when | stopped E0121
local digits = ("1"):rep(250000)
while true do local n = tonumber(digits) end --!

--- a long numeral in base thirty-six | step when | stopped E0121
local digits = ("z"):rep(250000)
while true do local n = tonumber(digits, 36) end --!

--- a long numeral that selects | step when | stopped E0121
local digits = ("0"):rep(250000) .. "1"
while true do local n = select(digits, 1) end --!

--- the largest number written out for ever | step when | stopped E0121 or E0122
while true do local s = 1.7976931348623157e308 .. "" end

--- empty texts joined for ever | function of the file | stopped E0121
local empty = {}
for i = 1, 30000 do empty[i] = "" end
local function attack()
  while true do local s = table.concat(empty) end --!
end

--- values of a shared list passed on for ever | function of the file | stopped E0126
local list = {}
for i = 1, 30000 do list[i] = i end
local function attack()
  while true do local n = select("#", table.unpack(list)) end --!
end

--- many values passed on for ever | step when | stopped E0121 or E0122
local function count(n, ...)
  if n == 0 then
    while true do local x = select("#", ...) end
  end
  return count(n - 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...)
end
return count(2000) > 0

--- many values handed up level by level | step when | stopped E0121 or E0122
local function some(n)
  if n == 0 then return end
  return 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, some(n - 1)
end
while true do local n = select("#", some(2000)) end

--- letters counted for ever | step when | stopped E0121
local s = utf8.char(0x20ac):rep(80000)
while true do local n = utf8.len(s) + utf8.offset(s, -1) end --!

--- a nested replacement, each inside the other | step when | stopped E0102
local function inside(s) return (s:gsub(".", inside)) end
return inside("x") ~= ""

--- a sort inside the comparison of a sort | step when | stopped E0121 or E0122
local function compare(a, b)
  table.sort({ 1, 2 }, compare)
  return a < b
end
table.sort({ 1, 2 }, compare)
return true

--- the times of the event read for ever | step when | stopped E0121
while true do local t = run.event.items end --!
