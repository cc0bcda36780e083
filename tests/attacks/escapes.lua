-- Ways out: the interpreter, the machine, chance and time, coroutines, metatables, errors.

--- the operating system | step when | refused E0129
return os.time() > 0 --!

--- a file | step when | refused E0129
return io.open("/etc/passwd") ~= nil --!

--- a module | step when | refused E0129
return require("socket") ~= nil --!

--- the loader of modules | step when | refused E0129
return package.loadlib("libc.so.6", "system") ~= nil --!

--- a file run as code | step when | refused E0129
return dofile("/tmp/x.lua") ~= nil --!

--- a file read as code | step when | refused E0129
return loadfile("/tmp/x.lua") ~= nil --!

--- a text run as code | step when | refused E0129
return load("return 1")() == 1 --!

--- bytecode run as code | step when | refused E0129
return load("\27Lua\84\0\25\147\r\n\26\n", "x", "b") ~= nil --!

--- a function turned into bytecode | step when | stopped E0102
return string.dump(function() end) ~= nil --!

--- a whole file of bytecode | events top | refused E0101
--[[ ]] return "\27Lua" .. "\

--- the debug library | step when | refused E0129
return debug.getregistry() ~= nil --!

--- a hook of its own | step when | refused E0129
debug.sethook() --!
return true

--- the garbage collector | step when | refused E0129
return collectgarbage("count") > 0 --!

--- the collector stopped | flow top | refused E0129
collectgarbage("stop") --!

--- the table of globals | step when | refused E0129
return _G ~= nil --!

--- a limit caught | step when | refused E0129
pcall(function() while true do end end) --!
return true

--- a limit caught again and again | step when | refused E0129
while true do pcall(function() while true do end end) end --!

--- a limit caught with a handler | step when | refused E0129
return xpcall(function() while true do end end, function() while true do end end) --!

--- pcall out of a table of names | step when | stopped E0103
local names = { "pc" .. "all" }
return _ENV[names[1]](error) --!

--- a name looked up in the environment of the libraries | step when | stopped E0102
return string["du" .. "mp"](error) ~= nil --!

--- a coroutine that outlives the hook | step when | refused E0129
local endless = coroutine.wrap(function() while true do end end) --!
return endless()

--- coroutines in coroutines | step when | refused E0129
local function inside() return coroutine.wrap(inside)() end --!
return inside()

--- a yield across the engine | step when | refused E0129
coroutine.yield() --!
return true

--- a metatable whose index is itself | step when | refused E0129
local t = {}
setmetatable(t, { __index = function(s, k) return s[k] end }) --!
return t.x

--- a destructor | step when | refused E0129
setmetatable({}, { __gc = function() while true do end end }) --!
return true

--- a variable that is closed | step when | stopped E0102
local t <close> = {} --!
return true

--- a loop that closes its iterator | step when | stopped E0102
for _ in ipairs({ 1 }), nil, nil, {} do end --!
return true

--- the metatable of texts | step when | refused E0129
getmetatable("").__index = nil --!
return true

--- the metatable of the event | step when | refused E0129
return getmetatable(run.event) ~= nil --!

--- a raw write to the event | step when | refused E0129
rawset(run.event, "amount", 1) --!
return true

--- a raw look behind a seal | step when | refused E0129
return rawget(string, "rep") ~= nil --!

--- the next name after the first | step when | refused E0129
return next(string) ~= nil --!

--- an error that is a table | step when | stopped E0102
error({ code = 3 }) --!

--- an error that is a word of the language | step when | stopped E0102
error(never_again) --!

--- an error that is nothing | step when | stopped E0102
error() --!

--- an error of a quarter million letters | step when | stopped E0102
error(("x"):rep(250000)) --!

--- an error of bytes that are no text | step when | stopped E0102
error("\xff\xfe\0\27[31m") --!

--- an error in place of a message | step when | stopped E0102
assert(false, {}) --!
return true

--- a name of a quarter million letters | step when | stopped E0106
return run.steps[("x"):rep(250000)] ~= nil --!

--- a field of a quarter million letters | step when | stopped E0116
return run[("x"):rep(250000)] ~= nil --!

--- an unknown name of a quarter million letters | step when | stopped E0103
return _ENV[("x"):rep(250000)] ~= nil --!

--- chance | step when | stopped E0102
return math.random() > 0.5 --!

--- chance with a seed | step when | stopped E0102
math.randomseed(1) --!
return true

--- where a table lies | step when | stopped E0129
return string.format("%p", {}) ~= "" --!

--- where a table lies, as text | send data | harmless
return { a = tostring({}), b = tostring(run), c = tostring(error) }

--- printing | step when | refused E0129
print("hello") --!
return true

--- a step made by a function | step when | stopped E0102
local made = send { via = "email", template = "hello" } --!
return true

--- a part of an edge | flow middle | refused E0109
f.y = record { what = "y", after = f.x.done.done.done } --!

--- a step written by a function | function of the file | stopped E0102
local ledger
local function attack() return ledger.x end --!

--- a comparison of everything with everything | step when | stopped E0007
return never_again < run.event.amount --!

--- arithmetic on a text | step when | stopped E0102
return ("10"):rep(2) + 1 > 0 --!

--- a length of something else | step when | stopped E0102
return #run.failures > 0 --!

--- a call of the event | step when | stopped E0102
return run.event() --!

--- a for over the run | step when | stopped E0102
for key in pairs(run) do return key end --!
return true

--- a policy that gives a function | policy | stopped E0109
return { at = function() end }

--- a policy that gives a moment before the world | policy | harmless
return { at = "0000-00-00T00:00" }

--- a policy that gives nothing at all | policy | stopped E0109
local nothing = 1

--- a branch that gives an unknown word | decide by | harmless
return "maybe"

--- a branch that gives a table | decide by | stopped E0109
return {}

--- data that are a word of the language | send data | stopped E0109
return { x = never_again }

--- data that are a function | send data | stopped E0109
return { x = function() end }

--- data with a hole and names | send data | harmless
return { x = { [1] = 1, [3] = 2, [true] = 3 } }

--- data with no number | send data | harmless
return { nan = 0 / 0, inf = 1 / 0, least = -1 / 0, zero = -0.0 }

--- data with names of bytes | send data | harmless
return { ["\0\xff\n"] = "\0\xff\n", [""] = "" }
