// The life of a run: start, join, correlation, branches, joins, ends, undo.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Shop {
  FakeRules rules;
  Shop() {
    rules.add_channel("email", "email");
    rules.add_channel("retry", "retry");
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    rules.connectors["shop"] = Connector{"shop", DeliveryClass::keyed, false, hours(24), {}, 0};
  }
};

}  // namespace

TEST_CASE_METHOD(Shop, "an event starts one run, sends, and the run completes") {
  rules.add(flow("pay", {step("mail", mail())}));
  Desk desk(rules);
  desk.failed_payment();
  REQUIRE(desk.count<Read>(desk.effects) == 1);  // the gate needs the customer's address first
  desk.profile();
  REQUIRE(desk.count<Send>(desk.effects) == 1);
  REQUIRE(desk.customer.touches.size() == 1);
  desk.answer("mail", OperationStatus::done);
  REQUIRE(desk.ended() == "completed");
  REQUIRE(desk.customer.touches[0].outcome == "delivered");
}

TEST_CASE_METHOD(Shop, "the same event twice changes nothing") {
  rules.add(flow("pay", {step("mail", mail())}));
  Desk desk(rules);
  desk.failed_payment("i-1", "same");
  const size_t before = desk.entries.size();
  REQUIRE(desk.failed_payment("i-1", "same").duplicate_event);
  REQUIRE(desk.entries.size() == before);
}

TEST_CASE_METHOD(
    Shop,
    "a later failure of the same invoice joins its run; another invoice starts another [S2-11]",
    "[S2-11]") {
  rules.add(flow("pay", {step("wait", wait_for(days(3)))}));
  Desk desk(rules);
  desk.failed_payment("i-1");
  desk.failed_payment("i-1");
  REQUIRE(desk.customer.runs.size() == 1);
  REQUIRE(desk.customer.runs[0].failures == 2);
  desk.failed_payment("i-2");
  REQUIRE(desk.customer.runs.size() == 2);
}

TEST_CASE_METHOD(Shop, "paying another invoice ends nothing, paying this one ends the run") {
  rules.add(flow("pay", {step("wait", wait_for(days(3)))}));
  Desk desk(rules);
  desk.failed_payment("i-1");
  desk.paid("i-2");
  REQUIRE(desk.customer.runs.size() == 1);
  desk.paid("i-1");
  REQUIRE(desk.ended() == "goal");
}

TEST_CASE_METHOD(Shop, "a run stops on its stop event and expires counted from its start") {
  rules.add(flow("pay", {step("await", await("payment_method.updated"))}));
  SECTION("stopped") {
    Desk desk(rules);
    desk.failed_payment();
    desk.event("invoice.voided", Doc::record({{"invoice_id", Doc::text("i-1")}}));
    REQUIRE(desk.ended() == "stopped");
  }
  SECTION("expired") {
    Desk desk(rules);
    const Instant start = desk.now;
    desk.failed_payment();
    REQUIRE(desk.customer.next_due() == start + days(28));
    desk.due();
    REQUIRE(desk.ended() == "expired");
  }
}

TEST_CASE_METHOD(Shop, "branches run in parallel, a join waits for all, first-of starts once") {
  rules.add(flow("pay", {step("a", wait_for(hours(1))), step("b", wait_for(hours(2))),
                         step("join", wait_for(hours(1)),
                              joined(After::Kind::all, {on(0, {"done"}), on(1, {"done"})})),
                         step("first", wait_for(hours(1)),
                              joined(After::Kind::any, {on(0, {"done"}), on(1, {"done"})}))}));
  Desk desk(rules);
  const Instant start = desk.now;
  desk.failed_payment();
  desk.due();
  REQUIRE(desk.now == start + hours(1));
  REQUIRE(desk.customer.runs[0].find(3) != nullptr);
  REQUIRE(desk.customer.runs[0].find(2) == nullptr);
  desk.due();
  REQUIRE(desk.customer.runs[0].find(2) != nullptr);
  desk.due();
  REQUIRE(desk.now == start + hours(3));
  REQUIRE(desk.ended() == "completed");
  REQUIRE(desk.records<StepEnded>().size() == 4);
}

TEST_CASE_METHOD(Shop, "paths that can never be taken die by themselves and the run completes") {
  rules.add(flow("pay", {step("watch", await("payment_method.updated", hours(2))),
                         step("mail", mail(), on(0, {"arrived"})),
                         step("after", wait_for(hours(1)), on(1, {"delivered"})),
                         step("settled", wait_for(hours(1)),
                              joined(After::Kind::all, {on(0, {}), on(1, {})}))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.due();  // the watch expires: mail and after are unreached; `settled` joins on bare steps
  REQUIRE(desk.customer.runs[0].find(1) == nullptr);
  REQUIRE(desk.customer.runs[0].find(3) != nullptr);
  desk.due();
  REQUIRE(desk.ended() == "completed");
}

TEST_CASE_METHOD(Shop, "a hold is undone when the run ends, unless an act settled it [S1-15]",
                 "[S1-15]") {
  HoldStep hold{"shop", "hold", "release", {}, hours(6)};
  ActStep cancel;
  cancel.on = "shop";
  cancel.op = "cancel";
  cancel.settles = 0;
  rules.add(flow("cod", {step("hold", hold), step("cancel", cancel, on(0, {"refused"})),
                         step("wait", wait_for(days(2)), on(0, {"done"}))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.answer("hold", OperationStatus::done);
  const auto undo_sent = [&] {
    return desk.count<Send>(desk.effects) == 1 &&
           std::get<Send>(desk.effects[0]).touch.key == desk.open_touch("hold").key;
  };
  SECTION("at its deadline") {
    desk.due();
    REQUIRE(undo_sent());
  }
  SECTION("by the goal") {
    desk.paid();
    REQUIRE(undo_sent());
    REQUIRE(desk.customer.runs.size() == 1);  // ending, until the undo is answered
    desk.answer("hold", OperationStatus::done);
    REQUIRE(desk.ended() == "goal");
  }
}

TEST_CASE_METHOD(Shop, "steps after `ended` run last, when the run ended so") {
  RecordStep note;
  note.what = "gave_up";
  rules.add(flow("pay", {step("await", await("payment_method.updated")),
                         step("note", note, when_ended({RunEnd::expired}))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.due();
  REQUIRE(desk.open_touch("note").what == TouchWhat::operation);
  desk.answer("note", OperationStatus::done);
  REQUIRE(desk.ended() == "expired");
  REQUIRE(desk.outcome("note") == "written");
}

TEST_CASE_METHOD(
    Shop, "an await without `after` sees the run's past, with `after` only what comes later") {
  rules.add(flow("pay", {step("wait", wait_for(hours(1))),
                         step("late", await("payment_method.updated", hours(5)), on(0, {})),
                         step("from_start", await("payment_method.updated", hours(9)))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.event("payment_method.updated", Doc::empty_record());
  REQUIRE(desk.outcome("from_start") == "arrived");
  desk.due();
  REQUIRE(desk.customer.runs[0].find(1)->phase == Phase::waiting);
}

TEST_CASE_METHOD(Shop, "who may never enter again may not after a year either") {
  Flow once = flow("pay", {step("wait", wait_for(hours(1)))});
  SECTION("never") { once.re_entry = ReEntry::never_again; }
  SECTION("not with this invoice") { once.re_entry = ReEntry::once_per_key; }
  SECTION("not for two years") {
    once.re_entry = ReEntry::again_after;
    once.re_entry_after = days(730);
  }
  rules.add(once);
  Desk desk(rules);
  desk.failed_payment();
  desk.due();
  REQUIRE(desk.ended() == "completed");
  for (int month = 1; month <= 12; ++month) {
    desk.now = desk.now + days(30);
    desk.failed_payment();
    REQUIRE(desk.customer.runs.empty());
  }
}

TEST_CASE_METHOD(Shop, "an event about a touch reaches that touch's run, also without a key") {
  Flow keyless = flow("watch", {step("clicked", await("link.clicked"))});
  keyless.key.clear();
  rules.add(flow("pay", {step("mail", mail()), step("wait", wait_for(days(1)))}));
  rules.add(keyless);
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  const Key touch = desk.open_touch("mail").key;
  EventInput click{"c", "test", "link.clicked", "c-1", desk.now, Doc::empty_record(), 77, touch};
  desk.feed(click);
  REQUIRE(desk.customer.runs.size() == 2);
  REQUIRE(desk.customer.runs[1].find(0)->phase == Phase::waiting);
}
