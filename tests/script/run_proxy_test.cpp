#include "script/run_proxy.h"

#include <catch2/catch.hpp>

#include "functions.h"
#include "script/load.h"

namespace relance {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string value(const std::string& expression) { return Function::value(expression); }

}  // namespace

TEST_CASE("a function sees the run's event, profile, steps, touches and memory") {
  CHECK(value("run.event.context") == "{\"v\":\"recurring\"}");
  CHECK(value("run.latest.context") == "{\"v\":\"recurring\"}");
  CHECK(value("run.event.decline.action") == "{\"v\":\"retry_now\"}");
  CHECK(value("run.customer.segment") == "{\"v\":\"loyal\"}");
  CHECK(value("run.steps.call.outcome") == "{\"v\":\"voicemail\"}");
  CHECK(value("run.steps.call.data.reason") == "{\"v\":\"no_funds\"}");
  CHECK(value("run.steps.look.outcome") == "{}");
  CHECK(value("run.steps.look.data.anything") == "{}");
  CHECK(value("run.failures") == "{\"v\":2}");
  CHECK(value("run.touches.count { channel = 'voice' }") == "{\"v\":1}");
  CHECK(value("run.touches.last { channel = 'voice' }.outcome") == "{\"v\":\"voicemail\"}");
  CHECK(value("run.touches.last { channel = 'email' }") == "{}");
  CHECK(value("run.touches.count { within = minutes(10) }") == "{\"v\":0}");
  CHECK(value("run.promised.pay_friday") == "{\"v\":true}");
  CHECK(value("run.promised 'nothing'") == "{\"v\":false}");
  CHECK(value("run.random >= 0 and run.random < 1") == "{\"v\":true}");
}

TEST_CASE(
    "unknown data is nil; an unknown field of the run or an unknown step is an error with a hint") {
  CHECK(value("run.event.nothing") == "{}");
  CHECK(value("run.customer.nothing") == "{}");
  CHECK(has(value("run.evnt"), "did you mean 'event'?"));
  CHECK(has(value("run.steps.cal.outcome"), "did you mean 'call'?"));
  CHECK(has(value("run.steps.call.outcom"), "outcome and data"));
  CHECK(has(value("run.touches.last { chanel = 'x' }"), "did you mean 'channel'?"));
}

TEST_CASE("pairs goes through a record in sorted order, lists are lists") {
  CHECK(Function("local s = '' for k, v in pairs(run.event.decline) do s = s .. k .. '=' .. "
                 "tostring(v) .. ' ' end return { v = s }")
            .record() == "{\"v\":\"action=retry_now code=51 \"}");
  CHECK(value("#run.event.items") == "{\"v\":2}");
  CHECK(value("run.event.items[2]") == "{\"v\":\"b\"}");
  CHECK(value("run.event.decline") == "{\"v\":{\"action\":\"retry_now\",\"code\":51}}");
  CHECK(value("type(run.event.amount) .. type(run.event.decline)") == "{\"v\":\"moneytable\"}");
}

TEST_CASE("what was seen in one call is of no use in the next") {
  Function keeper("return { v = kept }");
  LuaState& lua = keeper.lua;
  REQUIRE(lua.compile(Sheet::flow,
                      "local kept = {} return function(run) kept.x = kept.x or run.event.decline "
                      "return kept.x.action ~= nil end",
                      "flow.lua")
              .ok());
  REQUIRE(lua.call(0, 1, 1000).ok());
  const LuaFunction function = lua.keep();
  const View view = keeper.looked_at.view();
  CHECK(lua.call_bool(function, view).ok());
  const auto again = lua.call_bool(function, view);
  REQUIRE_FALSE(again.ok());
  CHECK(has(again.error().message, "earlier call"));
}

TEST_CASE("a filter sees the event alone; a policy what it is asked and the customer") {
  LuaState lua;
  REQUIRE(
      lua.compile(Sheet::flow, "return function(e) return e.context ~= 'checkout' end", "flow.lua")
          .ok());
  REQUIRE(lua.call(0, 1, 1000).ok());
  const LuaFunction filter = lua.keep();
  CHECK(*lua.call_where(filter, Doc::record({{"context", Doc::text("recurring")}})));
  CHECK_FALSE(*lua.call_where(filter, Doc::record({{"context", Doc::text("checkout")}})));

  REQUIRE(lua.compile(Sheet::policy,
                      "return function(ask) return { at = ask.earlier[1], n = ask.try, s = "
                      "ask.customer.segment, "
                      "t = ask.touches.count {}, later = ask.now + hours(1) } end",
                      "policy.lua")
              .ok());
  REQUIRE(lua.call(0, 1, 1000).ok());
  const LuaFunction policy = lua.keep();
  const RunToLookAt looked_at;
  const View view = looked_at.view();
  const Doc ask = Doc::record({{"try", Doc::integer(2)},
                               {"now", Doc::instant({0})},
                               {"earlier", Doc::list({Doc::text("18:30")})}});
  const auto answer = lua.call_policy(policy, ask, view);
  REQUIRE(answer.ok());
  CHECK(to_json(*answer) ==
        "{\"at\":\"18:30\",\"later\":\"1970-01-01T01:00:00Z\",\"n\":2,\"s\":\"loyal\",\"t\":1}");
}

}  // namespace relance
