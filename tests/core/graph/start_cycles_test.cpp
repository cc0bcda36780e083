#include "core/graph/start_cycles.h"

#include <catch2/catch.hpp>

#include "core/graph/build.h"

using namespace relance;
using namespace relance::testing;

namespace {

using Lines = std::vector<std::string>;

Lines texts(const std::vector<Flow>& flows) {
  std::vector<const Flow*> all;
  for (const Flow& flow : flows) all.push_back(&flow);
  Lines out;
  for (const Finding& finding : check_start_cycles(all)) out.push_back(finding.error.text());
  return out;
}

WaitStep wait_for(Duration span) {
  WaitStep wait;
  wait.duration = span;
  return wait;
}

StartFlowStep start_flow(std::string flow) { return {std::move(flow), {}}; }

// Begins itself anew once `between` is done.
Flow anew(StepBody between) {
  FlowBuilder b("month");
  b.add("between", std::move(between));
  b.add("again", start_flow("month"), on("between"));
  b.flow().stop.push_back({"consent.withdrawn", {}});
  return b.build();
}

}  // namespace

TEST_CASE("a flow that begins anew at once does not load; one that waits a month does") {
  CHECK(texts({anew(RecordStep{"x", {}})}) ==
        Lines{"flows/month.lua:2: error E0141: flow 'month' begins anew, and no time need pass "
              "between; put a wait { duration } on every way to the start"});
  CHECK(texts({anew(wait_for(days(30)))}).empty());
}

TEST_CASE("a local time or a moment of the event may be this very instant") {
  WaitStep until;
  until.until_local = TimeOfDay{9 * 60};
  CHECK(texts({anew(until)}).size() == 1);
  WaitStep before;
  before.before = FieldMoment{FieldMoment::Kind::before, "event.time", {}, 0, {}};
  CHECK(texts({anew(before)}).size() == 1);
}

TEST_CASE("what a provider answers at once is no time; what a person or a customer does is") {
  CHECK(texts({anew(send("email", "email"))}).size() == 1);
  CHECK(texts({anew(FetchStep{"crm", "", "", {}, {}})}).size() == 1);
  CHECK(texts({anew(HandoffStep{"desk", {}, {"resolved"}})}).empty());
  CHECK(texts({anew(await("link.clicked"))}).empty());
}

TEST_CASE("flows that start each other are followed round, each start at its own line") {
  const auto to = [](std::string name, std::string other, bool waits) {
    FlowBuilder b(std::move(name));
    b.flow().goal.push_back({"order.paid", {}});
    if (waits) b.add("wait", wait_for(hours(1)));
    b.add("next", start_flow(std::move(other)), waits ? on("wait.done") : Start{});
    return b.build();
  };
  const Lines found = texts({to("a", "b", false), to("b", "c", false), to("c", "a", false)});
  REQUIRE(found.size() == 3);
  CHECK(found[0] ==
        "flows/a.lua:1: error E0141: flow 'a' starts 'b', which leads back to it, and "
        "no time need pass between; put a wait { duration } on every way to the start");
  CHECK(texts({to("a", "b", false), to("b", "c", true), to("c", "a", false)}).empty());
  CHECK(texts({to("a", "b", false), to("b", "c", false)}).empty());
}

TEST_CASE("a chain that nobody can leave does not load") {
  const auto month = [] {
    FlowBuilder b("month");
    b.add("mail", send("email", "email"));
    b.add("wait", wait_for(days(30)), on("mail"));
    b.add("again", start_flow("month"), on("wait.done"));
    return b;
  };
  CHECK(texts({month().build()}) ==
        Lines{"flows/month.lua:3: error E0142: flow 'month' begins anew, and nothing ever ends it; "
              "give it a goal or a stop, or let a `when` end the chain"});

  FlowBuilder stops = month(), asks = month(), bars = month();
  stops.flow().stop.push_back({"consent.withdrawn", {}});
  asks.skippable();
  asks.last().when = FunctionRef{0};
  bars.flow().when = FunctionRef{0};
  CHECK(texts({stops.build()}).empty());
  CHECK(texts({asks.build()}).empty());
  CHECK(texts({bars.build()}).empty());
}

TEST_CASE("alternatives that name every outcome of a step are no way out, all but one are") {
  const auto split = [](const std::string& edges) {
    FlowBuilder b("round");
    b.add("side", decide({"left", "right"}));
    b.add("wait", wait_for(days(1)), any({on("side." + edges)}));
    b.add("again", start_flow("round"), on("wait.done"));
    return b.build();
  };
  CHECK(texts({split("left|right")}).size() == 1);
  CHECK(texts({split("left")}).empty());
}
