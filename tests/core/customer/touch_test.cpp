// Touches: tries, responses, the gate's answers, and what follows from an outcome nobody knows.
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
  }
  // One mail on its way.
  void send_mail(Desk& desk, DeliveryClass delivery) {
    rules.add_channel("email", "email", delivery);
    rules.add(flow("pay", {step("mail", mail())}));
    desk.failed_payment();
    desk.profile();
  }
};

}  // namespace

TEST_CASE_METHOD(
    Shop, "declined charges are tried again when the policy says; the goal ends the run [S2-26]",
    "[S2-26]") {
  ChargeStep retry = charge(4);
  retry.at.policy = "smart_retry";
  rules.add(flow("pay", {step("retry", retry), step("mail", mail(), on(0, {"declined"}))}));
  rules.policy_says = [](const PolicyQuestion& q) {
    return PolicyAnswer{q.not_before + days(3), false, "", "payday"};
  };
  Desk desk(rules);
  const Instant start = desk.now;
  desk.failed_payment();
  desk.profile();
  desk.due();
  REQUIRE(desk.now == start + days(3));
  desk.answer("retry", OperationStatus::refused, "declined");
  desk.due();
  REQUIRE(desk.now == start + days(6));
  desk.answer("retry", OperationStatus::done);
  REQUIRE(desk.ended() == "goal");
  for (const Touch& touch : desk.customer.touches) REQUIRE(!touch.is_contact());
  REQUIRE(desk.records<RunEnding>()[0].by == desk.customer.touches[1].key);
}

TEST_CASE_METHOD(Shop, "charges of one key never overlap") {
  rules.add(flow("pay", {step("one", charge()), step("two", charge())}));
  Desk desk(rules);
  desk.failed_payment();
  REQUIRE(desk.count<Send>(desk.effects) == 1);
  desk.answer("one", OperationStatus::refused, "declined");
  REQUIRE(desk.count<Send>(desk.effects) == 1);
  REQUIRE(desk.open_touch("two").try_no == 1);
}

TEST_CASE_METHOD(
    Shop, "an ignored mail is sent again after its gap; a click ends the step as responded [S2-17]",
    "[S2-17]") {
  SendStep send = mail(2);
  send.gap = hours(48);
  send.expect.push_back({"link.clicked", {}});
  rules.add(flow("pay", {step("mail", send)}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  const Instant first = desk.now;
  desk.answer("mail", OperationStatus::done);
  desk.due();
  REQUIRE(desk.now == first + hours(48));
  REQUIRE(desk.customer.touches.size() == 2);
  desk.answer("mail", OperationStatus::done);
  SECTION("clicked") {
    EventInput click{"c",
                     "test",
                     "link.clicked",
                     "c-1",
                     desk.now,
                     Doc::empty_record(),
                     77,
                     desk.customer.touches[1].key};
    desk.feed(click);
    REQUIRE(desk.outcome("mail") == "responded");
  }
  SECTION("ignored for good") {
    desk.due();
    REQUIRE(desk.outcome("mail") == "ignored");
  }
}

TEST_CASE_METHOD(
    Shop, "a touch outside its window is held until the opening and asked again there [S1-44]",
    "[S1-44]") {
  WindowRule window;
  window.scope.channel = "email";
  window.from = *parse_time_of_day("12:00");
  window.to = *parse_time_of_day("18:00");
  rules.rules.windows.push_back(window);
  rules.add(flow("pay", {step("mail", mail())}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  REQUIRE(desk.customer.touches.empty());
  REQUIRE(desk.records<TouchJudged>()[0].reason == "outside_window");
  desk.due();
  REQUIRE(format_instant(desk.now) == "2026-01-05T12:00:00Z");
  REQUIRE(desk.customer.touches.size() == 1);
}

TEST_CASE_METHOD(
    Shop,
    "without a slot the step wants; the slot dispatches it; a restart asks for the slot again") {
  rules.add(flow("pay", {step("mail", mail())}));
  Desk desk(rules);
  desk.slots.open = false;
  desk.failed_payment();
  REQUIRE(desk.count<Want>(desk.effects) == 1);
  REQUIRE(desk.customer.unfinished());
  desk.feed(RecoverInput{});
  REQUIRE(desk.count<Want>(desk.effects) == 1);
  const Key run = desk.customer.runs[0].id;
  desk.feed(SlotInput{run, 0, 0, "email"});
  REQUIRE(desk.count<Read>(desk.effects) == 1);
}

TEST_CASE_METHOD(
    Shop, "keyed: after a crash the same key goes out again, until its window is nearly over") {
  Desk desk(rules);
  send_mail(desk, DeliveryClass::keyed);
  const Key key = desk.open_touch("mail").key;
  desk.feed(RecoverInput{});
  REQUIRE(desk.customer.touches[0].state == TouchState::unknown);
  SECTION("young") {
    desk.due();
    REQUIRE(desk.count<Send>(desk.effects) == 1);
    REQUIRE(std::get<Send>(desk.effects[0]).touch.key == key);
    REQUIRE(std::get<Send>(desk.effects[0]).again);
  }
  SECTION("too old: parked, counted as sent, and the run goes on") {
    desk.due(desk.now + hours(23));
    REQUIRE(desk.effects.empty());
    REQUIRE(desk.customer.touches[0].state == TouchState::parked);
    REQUIRE(desk.ended() == "completed");
  }
}

TEST_CASE_METHOD(Shop,
                 "lookup: after a crash the provider is asked, not before its index can know") {
  Desk desk(rules);
  send_mail(desk, DeliveryClass::lookup);
  const Instant crash = desk.now;
  desk.feed(RecoverInput{});
  desk.due();
  REQUIRE(desk.now >= crash + seconds(10));
  REQUIRE(desk.count<LookUp>(desk.effects) == 1);
  const Key key = desk.open_touch("mail").key;
  OperationResult result;
  SECTION("found") {
    result.status = OperationStatus::done;
    desk.feed(LookUpInput{key, result});
    REQUIRE(desk.outcome("mail") == "delivered");
  }
  SECTION("never seen: dropped, because the flow does not say resend") {
    result.status = OperationStatus::absent;
    desk.feed(LookUpInput{key, result});
    REQUIRE(desk.count<Send>(desk.effects) == 0);
    REQUIRE(desk.outcome("mail") == "failed");
  }
}

TEST_CASE_METHOD(Shop, "blind: after a crash it is parked and never sent again") {
  Desk desk(rules);
  send_mail(desk, DeliveryClass::blind);
  desk.feed(RecoverInput{});
  REQUIRE(desk.effects.empty());
  REQUIRE(desk.customer.touches[0].state == TouchState::parked);
  REQUIRE(desk.ended() == "completed");
}

TEST_CASE_METHOD(Shop, "a parked charge blocks its key until a person settles it") {
  rules.add_channel("retry", "retry", DeliveryClass::blind);
  rules.add(
      flow("pay", {step("one", charge()), step("two", charge(), on(0, {"declined", "failed"}))}));
  Desk desk(rules);
  desk.failed_payment();
  const Key key = desk.open_touch("one").key;
  desk.feed(RecoverInput{});
  REQUIRE(desk.customer.runs.size() == 1);
  REQUIRE(desk.outcome("one").empty());
  CommandInput settle;
  settle.command = "settle";
  settle.touch = key;
  SECTION("it was done") {
    settle.word = "done";
    desk.feed(settle);
    REQUIRE(desk.ended() == "goal");
  }
  SECTION("it never happened") {
    settle.word = "absent";
    desk.feed(settle);
    REQUIRE(desk.outcome("one") == "failed");
    REQUIRE(desk.open_touch("two").what == TouchWhat::charge);
  }
}

TEST_CASE_METHOD(
    Shop, "a hand-off waits for a person, blocks automation, and goes on with the person's word",
    "[S1-51][S1-61]") {
  HandoffStep human;
  human.queue = "billing";
  human.words = {"resolved"};
  rules.add(flow("pay", {step("human", human), step("wait", wait_for(hours(1))),
                         step("mail", mail(), on(1, {"done"})),
                         step("done", wait_for(hours(1)), on(0, {"resolved"}))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.due();
  REQUIRE(desk.customer.touches.empty());
  REQUIRE(desk.records<TouchJudged>().back().reason == "person_owns_case");
  CommandInput resolve;
  resolve.command = "resolve";
  resolve.author = "eve";
  resolve.run = desk.customer.runs[0].id;
  resolve.step = "human";
  resolve.word = "resolved";
  desk.feed(resolve);
  REQUIRE(desk.outcome("human") == "resolved");
  desk.profile();
  REQUIRE(desk.customer.touches.size() == 1);
}

TEST_CASE_METHOD(Shop, "automation goes on when nobody took the case in time, or its run ended") {
  HandoffStep human;
  human.queue = "billing";
  human.words = {"resolved"};
  human.within = hours(8);
  rules.tests[0] = [](const View& view) {
    return Result<bool>(view.event().find("invoice_id").text() == "i-1");
  };
  rules.add(flow("pay", {step("wait", wait_for(hours(1))), step("mail", mail(), on(0, {"done"})),
                         step("human", human, on(0, {"done"}), FunctionRef{0})}));
  Desk desk(rules);
  desk.failed_payment("i-1");
  desk.due();
  desk.profile();
  REQUIRE(desk.customer.touches.empty());
  REQUIRE(desk.records<TouchJudged>().back().reason == "person_owns_case");
  SECTION("of the same run") {
    desk.due();
    REQUIRE(desk.outcome("human") == "expired");
    REQUIRE(desk.customer.touches.size() == 1);
  }
  SECTION("of another run") {
    desk.failed_payment("i-2");
    desk.due();
    REQUIRE(desk.customer.touches.empty());
    desk.paid("i-1");
    REQUIRE(desk.customer.touches.size() == 1);
    REQUIRE(desk.customer.touches[0].run == desk.customer.runs.back().id);
  }
}

TEST_CASE_METHOD(Shop, "an opt-out puts the address on the suppression list") {
  Desk desk(rules);
  rules.rules.suppress_on = {"opted_out"};
  send_mail(desk, DeliveryClass::keyed);
  const uint64_t address = desk.customer.touches[0].address;
  desk.answer("mail", OperationStatus::done, "opted_out");
  REQUIRE(desk.records<AddressSuppressed>()[0].address == address);
}

TEST_CASE_METHOD(Shop, "a try that the gate forbids for good ends its step as denied, not late") {
  SendStep send = mail(2);
  send.gap = hours(48);
  send.expect.push_back({"link.clicked", {}});
  rules.add(flow("pay", {step("mail", send)}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  desk.answer("mail", OperationStatus::done);
  desk.suppression.suppressed.insert(desk.customer.touches[0].address);
  desk.due();
  REQUIRE(desk.outcome("mail") == "denied");
}

TEST_CASE_METHOD(Shop, "a packet says which step led to the hand-off, not which ended last") {
  HandoffStep human;
  human.queue = "billing";
  human.words = {"resolved"};
  rules.add(flow("pay",
                 {step("first", wait_for(hours(1))), step("watch", await("payment_method.updated")),
                  step("human", human, on(0, {"done"}))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.event("payment_method.updated", Doc::empty_record());
  desk.due();
  const View view(desk.customer, desk.customer.runs[0], *rules.active().front(), desk.now);
  REQUIRE(view.step_data(2).find("why").text() == "first: done");
}
