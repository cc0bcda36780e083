// What a flow's function can reach, and how long it can last: nothing of the world, and not for
// long.
#include "script/lua_state.h"

#include <catch2/catch.hpp>

#include "functions.h"

namespace relance {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string value(const std::string& expression) { return Function::value(expression); }

}  // namespace

TEST_CASE("a loop without end stops at its budget, and the state stays of use") {
  Function endless("while true do end; return true");
  for (int i = 0; i < 3; ++i) CHECK(has(endless.result(), "E0121"));
  CHECK(endless.result().starts_with("flow.lua:1: error E0121"));
  const auto simple = endless.lua.compile(Sheet::flow, "return 1 + 1", "x.lua");
  REQUIRE(simple.ok());
  CHECK(endless.lua.call(0, 0, 1000).ok());
}

TEST_CASE("each call has a budget of its own") {
  Function much("local n = 0 for i = 1, 60000 do n = n + i end return n > 0");
  for (int i = 0; i < 20; ++i) CHECK(much.result() == "true");
}

TEST_CASE("memory is capped: texts, tables and what one call allocates in all") {
  CHECK(has(Function("local s = 'x' while true do s = s .. s end return true").result(), "E0122"));
  CHECK(has(Function("local t = {} for i = 1, 1e9 do t[i] = i end return true").result(), "E0122"));
  CHECK(has(Function("local s = ('x'):rep(1e9) return true").result(), "E0122"));
  CHECK(
      has(Function("local s = ('x'):rep(200000) for i = 1, 1e6 do local t = s .. i end return true")
              .result(),
          "E0122"));
  CHECK(has(Function("local t = {} for i = 1, 1e6 do t[i] = { i } end return true").result(),
            "E012"));
}

TEST_CASE("recursion without end is an error of the function, not of the engine") {
  CHECK(has(Function("local function f(n) return 1 + f(n + 1) end return f(1) > 0").result(),
            "error E01"));
  CHECK(has(Function("local function f(n) return f(n + 1) end return f(1) > 0").result(), "E0121"));
}

TEST_CASE("library functions pay for their work") {
  CHECK(has(
      Function("local s = ('a'):rep(200000) for i = 1, 1e5 do local n = #s:upper() end return true")
          .result(),
      "E012"));
  CHECK(has(
      Function("local t = {} for i = 1, 20000 do table.insert(t, 1, i) end return true").result(),
      "E0121"));
  CHECK(has(
      Function("local t = {} for i = 1, 50000 do t[i] = -i end table.sort(t) return true").result(),
      "E0121"));
}

TEST_CASE("patterns that would run for ever stop at the budget") {
  CHECK(has(Function("return ('a'):rep(5000):find('a-a-a-a-a-a-b') ~= nil").result(), "E0121"));
  CHECK(
      has(Function("return ('a'):rep(30000):match('(.-)(.-)(.-)(.-)x') ~= nil").result(), "E0121"));
  CHECK(has(Function("return ('a'):rep(70000):find('b') ~= nil").result(), "at most 65,536"));
  CHECK(has(Function("return ('x'):find(('a'):rep(300)) ~= nil").result(), "at most 256"));
}

TEST_CASE("nothing of the world is there") {
  for (const char* name : {"os", "io", "require", "load", "loadstring", "dofile", "debug",
                           "coroutine", "pcall", "xpcall", "setmetatable", "getmetatable", "rawset",
                           "rawget", "print", "collectgarbage", "package", "_G", "next"}) {
    CAPTURE(name);
    CHECK(has(Function(std::string("return ") + name + " ~= nil").result(), "E0103"));
  }
  CHECK(value("string.dump") == "{}");
  CHECK(value("math.random") == "{}");
}

TEST_CASE("bytecode is not loaded, only text") {
  LuaState lua;
  const Status status = lua.compile(Sheet::flow, "\x1bLua\x54", "x.lua");
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().code == Code::lua_syntax);
}

TEST_CASE("what is shared cannot be changed") {
  CHECK(has(Function("string.find = nil; return true").result(), "cannot be written"));
  CHECK(has(Function("math.huge = 3; return true").result(), "cannot be written"));
  CHECK(has(Function("_ENV.x = 3; return true").result(), "cannot be written"));
  CHECK(has(Function("x = 3; return true").result(), "cannot be written"));
  CHECK(has(Function("run.event.amount = 3; return true").result(), "read-only"));
  CHECK(has(Function("run.x = 3; return true").result(), "read-only"));
}

TEST_CASE("an error of a function stands at its line, with its own words") {
  CHECK(Function("local x = nil\n return x.y")
            .result()
            .starts_with("flow.lua:2: error E0102: attempt to index a nil value"));
  CHECK(Function("error('no way')").result() == "flow.lua:1: error E0102: no way");
  CHECK(Function("assert(false, 'must be')").result() == "flow.lua:1: error E0102: must be");
  CHECK(has(Function("error({ code = 3 })").result(), "E0102"));
  CHECK(has(Function("local x = 1;").result(), "returns nothing"));
}

TEST_CASE("nothing depends on where a table lies in memory") {
  CHECK(value("tostring({})") == "{\"v\":\"table\"}");
  CHECK(value("tostring(run)") == "{\"v\":\"userdata\"}");
  CHECK(value("string.format('%s %d', {}, 3)") == "{\"v\":\"table 3\"}");
  CHECK(has(value("string.format('%p', {})"), "E0129"));
  CHECK(has(value("string.format('%% %-20p', {})"), "E0129"));
  CHECK(value("string.format('%%p %5d', 3)") == "{\"v\":\"%p     3\"}");
  CHECK(Function("local s = '' for k in pairs({ c = 1, a = 2, [2] = 3, b = 4, 9 }) do s = s .. k "
                 "end return { v = s }")
            .record() == "{\"v\":\"12abc\"}");
}

TEST_CASE("a result that holds itself, or is far too large, is refused") {
  CHECK(has(Function("local t = {} t.t = t return t").record(), "E0126"));
  CHECK(has(Function("local t = { 'x' } for i = 1, 20 do t = { t, t, t, t } end return { t = t }")
                .record(),
            "E0126"));
  CHECK(has(Function("return { f = function() end }").record(), "E0109"));
}

TEST_CASE("patterns mean what they mean in Lua") {
  CHECK(value("('key = value'):match('(%w+)%s*=%s*(%w+)')") == "{\"v\":\"key\"}");
  CHECK(value("{ ('hello world'):find('o w') }") == "{\"v\":[5,7]}");
  CHECK(value("{ ('a.b'):find('.', 1, true) }") == "{\"v\":[2,2]}");
  CHECK(value("{ ('x(a(b)c)y'):match('%b()') }") == "{\"v\":[\"(a(b)c)\"]}");
  CHECK(value("{ ('THE (quick) fox'):find('%f[%a]%a+%f[%A]') }") == "{\"v\":[1,3]}");
  CHECK(value("{ ('hello'):gsub('l', 'L') }") == "{\"v\":[\"heLLo\",2]}");
  CHECK(value("{ ('hello'):gsub('', '-') }") == "{\"v\":[\"-h-e-l-l-o-\",6]}");
  CHECK(value("{ ('abc'):gsub('%w', '%0%0') }") == "{\"v\":[\"aabbcc\",3]}");
  CHECK(value("{ ('$name is $age'):gsub('%$(%w+)', { name = 'Bo', age = 4 }) }") ==
        "{\"v\":[\"Bo is 4\",2]}");
  CHECK(value("{ ('abc'):gsub('b', function(x) return x:upper() end) }") == "{\"v\":[\"aBc\",1]}");
  CHECK(value("{ ('2026-01-05'):match('(%d+)-(%d+)-(%d+)') }") ==
        "{\"v\":[\"2026\",\"01\",\"05\"]}");
  CHECK(value("{ ('  x  '):match('^%s*(.-)%s*$') }") == "{\"v\":[\"x\"]}");
  CHECK(value("{ ('aXb'):find('[^a-z]') }") == "{\"v\":[2,2]}");
  CHECK(value("{ ('a]b'):find('[]]') }") == "{\"v\":[2,2]}");
  CHECK(value("{ ('abab'):find('(ab)%1') }") == "{\"v\":[1,4,\"ab\"]}");
  CHECK(value("{ ('ab'):match('()b()') }") == "{\"v\":[2,3]}");
  CHECK(Function("local s = '' for w in ('one two'):gmatch('%a+') do s = s .. '<' .. w .. '>' end "
                 "return { v = s }")
            .record() == "{\"v\":\"<one><two>\"}");
  CHECK(has(value("('x'):find('[a')"), "is no pattern"));
  CHECK(has(value("('x'):find('(a')"), "is no pattern"));
  CHECK(has(value("('x'):find('%')"), "is no pattern"));
}

TEST_CASE("tables are sorted, joined and taken apart as in Lua") {
  CHECK(Function("local t = { 3, 1, 2 } table.sort(t) return { v = t }").record() ==
        "{\"v\":[1,2,3]}");
  CHECK(
      Function(
          "local t = { 'b', 'a' } table.sort(t, function(x, y) return x > y end) return { v = t }")
          .record() == "{\"v\":[\"b\",\"a\"]}");
  CHECK(Function("local t = { 1, 3 } table.insert(t, 2, 2) table.insert(t, 4) return { v = t, r = "
                 "table.remove(t, 1) }")
            .record() == "{\"r\":1,\"v\":[2,3,4]}");
  CHECK(value("table.concat({ 1, 2, 3 }, '-')") == "{\"v\":\"1-2-3\"}");
}

}  // namespace relance
