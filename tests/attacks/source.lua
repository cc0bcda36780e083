-- Sources that are hard to read: for the parser, for the checks of names and paths, for messages.

--- parentheses in parentheses | flow top | refused E0101
--* 1 local x = 
--* 50000 (
1

--- tables in tables | flow top | refused E0101
--* 1 local x = 
--* 50000 {
1

--- functions in functions | flow top | refused E0101
--* 5000 local function f@() 
return 1

--- blocks in blocks | flow top | refused E0101
--* 30000 do 
return 1

--- conditions in conditions | flow top | refused E0101
--* 10000 if true then 
return 1

--- signs before signs | flow top | refused E0101
--* 1 local x = 
--* 60000 - 
1

--- negations of negations | flow top | refused E0101
--* 1 local x = 
--* 30000 not 
1

--- powers of powers | flow top | refused E0101
local x = 1
--* 30000 ^1

--- texts joined with texts | flow top | refused E0101
local x = "a"
--* 15000 .."a"

--- calls of calls | step when | stopped E0102
local x = run
--* 40000 ()
return x

--- a chain of thousands of alternatives | step when | harmless
local n = run.failures
if n == 0 then return true
--* 3500 elseif n == @ then return false 
end
return true

--- three hundred variables | flow top | refused E0101
--* 300 local x@ = 1 

--- three hundred variables of outer functions | flow top | refused E0101
--* 150 local x@ = 1 
local function outer()
--* 150 local y@ = 1 
return function() return 0
--* 150 + x@ + y@ 
end end

--- thousands of constants | flow top | refused E0103
local x = {
--* 8000 "text @",
}
y = x --!

--- thousands of labels | flow top | harmless
--* 6000 ::a@:: do end 


--- thousands of jumps to labels that never come | flow top | refused E0101
--* 1 do 
--* 8000 goto a@ 
end

--- thousands of jumps in one block | step when | harmless
--* 3000 do goto a@ end 
--* 3000 ::a@:: do end 
return true

--- names looked up through a hundred functions | flow top | harmless
--* 90 local a@,b@,c@,d@,e@,f@,g@,h@; local function fun@() 
return {
--* 9000 eur,
}
--* 90 end 
--* 1 

--- unknown names by the thousand | flow top | refused E0103
--* 8000 x@ = y@ 

--- unknown fields of the event by the thousand | step when | harmless
--* 1 local e = run.event;
--* 6000 e.y = e.x@; 
return true

--- unknown fields of the run by the thousand | step when | refused E0116
--* 4000 do local a = run.x@ end 
return true

--- a path of ten thousand steps | step when | stopped E0102
return run.event
--* 30000 .a

--- a path through ten thousand functions | step when | stopped E0102
return run.event
--* 15000 .a()

--- a long bracket that never closes | flow top | refused E0101
--* 1 local x = [[
--* 60000 ]=


--- a comment that never ends | flow top | refused E0101
--* 1 local x = 1 --[==[
--* 60000 ]=


--- a text of a hundred thousand letters | flow top | refused E0122
--* 1 local x = "
--* 100000 x
"

--- a file of two hundred thousand bytes | flow top | refused E0122
local x = {
--* 20000 "01234567",
}

--- a name of a hundred thousand letters | flow top | refused E0122
--* 1 local 
--* 100000 x
= 1

--- numerals of a hundred thousand digits | flow top | refused E0122
--* 1 local x = 0x
--* 50000 f

--* 1 local y = 0.
--* 50000 9
do return 1 end

--- a byte of nothing | flow top | refused E0101
local x = @@ "\0"

--- escapes that say nothing | flow top | refused E0101
local x = "\xzz\u{ffffffffff}"

--- the mark of a byte order in the middle | flow top | refused E0101
local x = ﻿1

--- letters of another alphabet as a name | flow top | refused E0101
local имя = 1

--- values of varargs by the hundred | flow top | refused E0120
local t = { ...
--* 250 , ...
}
do return select("#", ...) end
