// start_flow: another flow for the same customer, or the own one anew.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Chain {
  FakeRules rules;
  Chain() { rules.add_channel("email", "email"); }

  static Flow other(std::vector<Step> steps) {
    Flow made = flow("win_back", std::move(steps));
    made.start = {{"cart.abandoned", {}}};
    made.key = {"order_id"};
    return made;
  }
  static Doc order(std::string_view id) {
    return Doc::record({{"order_id", Doc::text(id)}, {"reason", Doc::text("lost")}});
  }
  static std::string reason_of(const Desk& desk) { return desk.records<StepEnded>().back().reason; }
};

}  // namespace

TEST_CASE_METHOD(Chain, "a flow starts another one with its data as the event, in one entry") {
  rules.add(flow("pay", {step("next", start_flow("win_back", order("o-7"))),
                         step("rest", wait_for(days(1)), on(0, {"started"}))}));
  rules.add(other({step("pause", wait_for(hours(1)))}));
  Desk desk(rules);
  desk.failed_payment();

  REQUIRE(desk.customer.runs.size() == 2);
  const Run first = desk.customer.runs[0], second = desk.customer.runs[1];
  CHECK(second.flow == "win_back");
  CHECK(second.event_time == desk.now);
  CHECK(opened(desk.customer.id, second.event).view().find("reason").text() == "lost");
  CHECK(opened(desk.customer.id, second.event).view().find("time").instant() == desk.now);
  CHECK(desk.records<RunStarted>()[1].by == first.id);
  CHECK(desk.entries.size() == 1);
  CHECK(first.find(1) != nullptr);

  desk.event("order.paid", order("o-7"));  // the goal of neither
  desk.due();
  CHECK(desk.records<RunEnded>().front().run == second.id);
}

TEST_CASE_METHOD(Chain, "the key fields that data does not give are those of the starting run") {
  Flow target = other({step("pause", wait_for(hours(1)))});
  target.key = {"invoice_id"};
  rules.add(flow("pay", {step("next", start_flow("win_back")), step("rest", wait_for(days(1)))}));
  rules.add(std::move(target));
  Desk desk(rules);
  desk.failed_payment("i-9");
  REQUIRE(desk.customer.runs.size() == 2);
  CHECK(desk.customer.runs[1].keys == desk.customer.runs[0].keys);
  desk.paid("i-9");
  CHECK(desk.customer.runs.empty());
}

TEST_CASE_METHOD(Chain, "its own flow and key: this run ends completed and a new one begins") {
  rules.add(flow("pay", {step("month", wait_for(days(20))),
                         step("again", start_flow("pay", Doc::record({{"round", Doc::integer(2)}})),
                              on(0, {"done"}))}));
  Desk desk(rules);
  desk.failed_payment();
  const Key first = desk.customer.runs[0].id;
  const uint16_t failures = desk.customer.runs[0].failures;
  desk.due();
  REQUIRE(desk.customer.runs.size() == 1);
  const Run& second = desk.customer.runs[0];
  CHECK(second.id != first);
  CHECK(desk.records<RunEnding>().back().how == RunEnd::completed);
  CHECK(desk.customer.past.back().end == RunEnd::completed);
  CHECK(opened(desk.customer.id, second.event).view().find("round").integer() == 2);
  CHECK(second.failures == failures);
  CHECK(second.expire_at == desk.now + days(28));

  for (int round = 0; round < 20; ++round) desk.due();  // as long as it likes
  CHECK(desk.customer.runs.size() == 1);
  CHECK(desk.records<RunStarted>().size() == 22);
  std::set<Key> ids;
  for (const RunStarted& started : desk.records<RunStarted>()) ids.insert(started.run);
  CHECK(ids.size() == 22);
  desk.paid();
  CHECK(desk.ended() == "goal");
}

TEST_CASE_METHOD(Chain, "a run that goes on as a new one undoes what it holds, and its last word") {
  rules.connectors["shop"] = Connector{"shop", DeliveryClass::repeatable, false, {}, {}, 0};
  rules.connectors["crm"] = rules.connectors["shop"];
  rules.add(flow(
      "pay", {step("keep", HoldStep{"shop", "hold", "release", {}, days(9)}),
              step("month", wait_for(days(2))), step("again", start_flow("pay"), on(1, {"done"})),
              step("told", RecordStep{"round_over", {}}, when_ended({RunEnd::completed}))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.answer("keep", OperationStatus::done);
  desk.due();
  std::vector<std::string> operations;
  for (const Effect& effect : desk.effects)
    if (const auto* send = std::get_if<Send>(&effect))
      operations.push_back(std::string(opened(desk.customer.id, send->touch.held->frozen)
                                           .view()
                                           .find("op")
                                           .text()
                                           .value_or("")));
  CHECK(operations == std::vector<std::string>{"release", "round_over", "hold"});
  CHECK(desk.customer.runs.size() == 2);  // the old one until its undo is answered
}

TEST_CASE_METHOD(Chain, "a flow that does not take him refuses, and the run goes on") {
  rules.add(flow("pay", {step("next", start_flow("win_back", order("o-1"))),
                         step("rest", wait_for(days(1)), on(0, {"refused"}))}));
  Flow& target = rules.add(other({step("pause", wait_for(days(3)))}));
  const auto refused_for = [&](Desk& desk) {
    desk.failed_payment("i-" + std::to_string(desk.entries.size()));
    CHECK(desk.customer.runs.back().flow == "pay");
    CHECK(desk.customer.runs.back().find(1) != nullptr);
    CHECK(desk.records<RunNotStarted>().back().flow == "win_back");
    return reason_of(desk);
  };
  SECTION("one live run for each key") {
    Desk desk(rules);
    desk.event("cart.abandoned", order("o-1"));
    CHECK(refused_for(desk) == "running");
  }
  SECTION("its own condition") {
    target.when = FunctionRef{3};
    rules.tests[3] = [](const View& view) { return view.event().find("reason").text() == "won"; };
    Desk desk(rules);
    CHECK(refused_for(desk) == "when");
  }
  SECTION("re-entry") {
    target.re_entry = ReEntry::never_again;
    target.steps.clear();
    Desk desk(rules);
    desk.failed_payment("first");
    CHECK(refused_for(desk) == "never_again");
  }
  SECTION("no key") {
    target.key = {"shipment_id"};
    Desk desk(rules);
    CHECK(refused_for(desk) == "no_key");
  }
}

TEST_CASE_METHOD(Chain, "a flow that is gone refuses too") {
  rules.add(flow("pay", {step("next", start_flow("lost")),
                         step("rest", wait_for(days(1)), on(0, {"refused"}))}));
  Desk desk(rules);
  desk.failed_payment();
  CHECK(reason_of(desk) == "unknown_flow");
  CHECK(desk.customer.runs.size() == 1);
}

TEST_CASE_METHOD(Chain,
                 "a failing data function fails the run, which has no other outcome for it") {
  StartFlowStep next{"win_back", {FunctionRef{5}, {}}};
  rules.datas[5] = [](const View&) -> Result<Doc> {
    return Error{Code::run_failed_function, "no amount", {}, ""};
  };
  rules.add(flow("pay", {step("next", next)}));
  rules.add(other({}));
  Desk desk(rules);
  desk.failed_payment();
  CHECK(desk.ended() == "failed");
  CHECK(desk.records<RunStarted>().size() == 1);
}

TEST_CASE_METHOD(Chain,
                 "the same event again starts nothing again; the ids are the same anywhere") {
  rules.add(flow("pay", {step("next", start_flow("win_back", order("o-7"))),
                         step("rest", wait_for(days(1)))}));
  rules.add(other({step("pause", wait_for(hours(1)))}));
  Desk desk(rules), twin(rules);
  desk.failed_payment("i-1", "e-1");
  desk.failed_payment("i-1", "e-1");
  CHECK(desk.records<RunStarted>().size() == 2);
  twin.failed_payment("i-1", "e-1");
  CHECK(twin.customer.runs[1].id == desk.customer.runs[1].id);
}
