-- Loops without end, in every place where a function may stand and at the top of every kind of
-- file.

--- a loop in the condition of a step | step when | stopped E0121
while true do end --!

--- a loop in the condition of a flow | flow when | stopped E0121
while true do end --!

--- a loop in the filter of a start | start where | stopped E0121
while true do end --!

--- a loop in the filter of a goal | goal where | stopped E0121
while true do end --!

--- a loop in the filter of a stop | stop where | stopped E0121
while true do end --!

--- a loop in the filter of updates | updates where | stopped E0121
while true do end --!

--- a loop in the filter of an await | await where | stopped E0121
while true do end --!

--- a loop in the filter of a response | expect where | stopped E0121
while true do end --!

--- a loop in the data of a message | send data | stopped E0121
while true do end --!

--- a loop in the data of a record | record data | stopped E0121
while true do end --!

--- a loop in the data of an act | act data | stopped E0121
while true do end --!

--- a loop in the condition of an act | act only_if | stopped E0121
while true do end --!

--- a loop in the data of a hold | hold data | stopped E0121
while true do end --!

--- a loop in a branch | decide by | stopped E0121
while true do end --!

--- a loop in a policy | policy | stopped E0121
while true do end --!

--- a loop at the top of a flow | flow top | refused E0121
while true do end --!

--- a loop between two steps | flow middle | refused E0121
while true do end --!

--- a loop at the top of a script | script top | refused E0121
while true do end --!

--- a loop at the top of events.lua | events top | refused E0121
while true do end --!

--- a loop at the top of contact.lua | contact top | refused E0121
while true do end --!

--- a loop at the top of bundle.lua | bundle top | refused E0121
while true do end --!

--- a loop at the top of a policy | policy top | refused E0121
while true do end --!

--- a loop of gotos without a call | step when | stopped E0121
::again::
goto again --!

--- a count to infinity | step when | stopped E0121
for i = 1, math.huge do end --!

--- a count in steps that round to nothing | step when | stopped E0121
for i = 1e15, 1e16, 0.001 do end --!

--- a count down past the least integer | step when | stopped E0121
for i = math.maxinteger, math.mininteger, -1 do end --!

--- a repeat that never comes true | step when | stopped E0121
repeat until false --!

--- two functions that call each other in tails | step when | stopped E0121
local ping
local function pong() return ping() end
function ping() return pong() end
return ping()

--- recursion without end | step when | stopped E0122
local function deeper(n) return 1 + deeper(n + 1) end --!
return deeper(1) > 0

--- a sort by a comparison that never ends | step when | stopped E0121
table.sort({ 3, 1, 2 }, function() while true do end end) --!

--- a sort by a comparison that lies | step when | stopped E0121
local list = {}
for i = 1, 4000 do list[i] = i * 7 % 4001 end
while true do table.sort(list, function() return true end) end

--- a replacement that never returns | step when | stopped E0121
return ("x"):gsub(".", function() while true do end end) ~= "" --!

--- iterators of iterators | step when | stopped E0121
local t = { 1, 2, 3 }
while true do for _ in pairs(t) do for _ in ("abc"):gmatch(".") do end end end

--- an item moved from the end of the world | step when | stopped E0121
table.insert({ 1 }, math.mininteger, 1)
return true

--- an item removed from the end of the world | step when | stopped E0121
table.remove({ 1 }, -math.maxinteger)
return true
