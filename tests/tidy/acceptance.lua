-- Which rows of docs/reference/acceptance.md have a test, and which are left, with the reason.
-- Run in the root of the repository: `./dev acceptance`; ctest runs it too. Exits 1 where the page,
-- the list of what is left and the tags of the tests do not agree.
local kPage, kLeft = "docs/reference/acceptance.md", "docs/reference/acceptance_left.md"
local kRow = "S%d+%-%d+%a?"

local problems = {}
local function problem(format, ...) table.insert(problems, format:format(...)) end

local function read(path)
  local file = assert(io.open(path))
  local text = file:read("a")
  file:close()
  return text
end

-- Rows of a page's tables in their order, and what the second column says of each.
local function rows_of(path)
  local order, said = {}, {}
  for row, words in ("\n" .. read(path)):gmatch("\n| (" .. kRow .. ") | ([^\n]-) |") do
    if said[row] then problem("%s has %s twice", path, row) end
    table.insert(order, row)
    said[row] = words
  end
  return order, said
end

-- Calls see(name, tags) for each test of a C++ file: TEST_CASE("name in" " parts", "[S0-01]"). A
-- text of tags alone is tags, everything else the name, which may begin with some.
local function each_cpp_test(text, see)
  for head in text:gmatch("TEST_CASE[%u_]*(%b())") do
    local name = {}
    for words in head:gmatch('"(.-)"') do
      if not words:find("^[%[%]%w%-.!]+$") then table.insert(name, words) end
    end
    see(table.concat(name), head)
  end
end

-- The same for a flow test; tags of a `describe` stand for all the tests in it.
local function each_lua_test(text, see)
  for head in text:gmatch("%f[%w]describe%(([^\n]*)") do see(head:match('"(.-)"') or "", head) end
  for head in text:gmatch("%f[%w]it%(([^\n]*)") do see(head:match('"(.-)"') or "", head) end
end

local function tests_by_row(known)
  local tests = {}
  local found = assert(io.popen("find tests flows -name '*_test.cpp' -o -name '*_test.lua' | sort"))
  for path in found:lines() do
    local each = path:find("%.cpp$") and each_cpp_test or each_lua_test
    local text, tagged, named = read(path), {}, {}
    for row in text:gmatch("%[(" .. kRow .. ")%]") do
      tagged[row] = true
      if not known[row] then problem("%s: there is no row %s", path, row) end
    end
    each(text, function(name, tags)
      for row in tags:gmatch("%[(" .. kRow .. ")%]") do
        local line = path .. ": " .. name:gsub("%[" .. kRow .. "%]%s*", "")
        tests[row] = tests[row] or {}
        if not named[row .. line] then table.insert(tests[row], line) end
        named[row], named[row .. line] = true, true
      end
    end)
    for row in pairs(tagged) do
      if not named[row] then problem("%s: %s stands at no test", path, row) end
    end
  end
  found:close()
  return tests
end

local order, known = rows_of(kPage)
local left_order, left = rows_of(kLeft)
local tests, covered = tests_by_row(known), 0
for _, row in ipairs(left_order) do
  if not known[row] then problem("%s: there is no row %s", kLeft, row) end
  if tests[row] then problem("%s: %s is tested", kLeft, row) end
end
for _, row in ipairs(order) do
  print(("%s  %s"):format(row, tests[row] and known[row] or "left: " .. (left[row] or "?")))
  for _, test in ipairs(tests[row] or {}) do print("         " .. test) end
  if tests[row] then covered = covered + 1
  elseif not left[row] then problem("%s has neither a test nor a reason in %s", row, kLeft) end
end
print(("%d of %d rows are tested, %d are left"):format(covered, #order, #order - covered))
for _, text in ipairs(problems) do io.stderr:write("acceptance: ", text, "\n") end
os.exit(#problems == 0)
