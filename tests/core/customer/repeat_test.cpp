// Touches that leave again: nothing that may have happened is called undone, and no repeat goes
// round the gate.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Shop {
  FakeRules rules;
  Desk desk{rules};
  std::optional<Recheck> recheck;

  // One mail on its way, at ten; mails may leave from nine to five.
  void send_mail(DeliveryClass delivery) {
    Channel& email = rules.add_channel("email", "email", delivery);
    email.can_look_up = delivery != DeliveryClass::blind;
    email.index_lag = minutes(5);
    rules.add_channel("retry", "retry");
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    WindowRule window;
    window.scope.channel = "email";
    window.from = *parse_time_of_day("09:00");
    window.to = *parse_time_of_day("17:00");
    rules.rules.windows.push_back(window);
    SendStep send = mail();
    send.resend_unknown = true;
    rules.add(flow("pay", {step("mail", send)})).recheck = recheck;
    desk.failed_payment();
    desk.profile();
    if (recheck) desk.profile(Doc::empty_record());
    REQUIRE(desk.count<Send>(desk.effects) == 1);
  }
  void not_now(Instant again_at) {
    OperationResult busy;
    busy.status = OperationStatus::not_now;
    busy.again_at = again_at;
    desk.feed(ResultInput{desk.open_touch("mail").key, busy});
  }
  const Instant ten = desk.now;
  const Instant evening = ten + hours(9);
  const Instant next_morning = ten + hours(23);
};

}  // namespace

TEST_CASE_METHOD(Shop, "a message that is asked for again waits for its hours") {
  send_mail(DeliveryClass::keyed);
  not_now(evening);
  desk.due();
  REQUIRE(desk.now == evening);
  CHECK(desk.effects.empty());
  desk.due();
  CHECK(desk.now == next_morning);
  CHECK(desk.count<Send>(desk.effects) == 1);
}

TEST_CASE_METHOD(Shop, "a message of a flow that reads facts again waits for its hours, too") {
  recheck = Recheck{"crm", "invoice", "invoice_id", "paid", ""};
  send_mail(DeliveryClass::keyed);
  not_now(evening);
  desk.due();
  REQUIRE(desk.now == evening);
  CHECK(desk.effects.empty());
}

TEST_CASE_METHOD(Shop, "a message that was never begun before a crash waits for its hours") {
  send_mail(DeliveryClass::blind);
  desk.now = evening;
  RecoverInput recover;
  recover.never_begun.push_back(desk.open_touch("mail").key);
  desk.feed(recover);
  CHECK(desk.effects.empty());
  desk.due();
  CHECK(desk.now == next_morning);
  CHECK(desk.count<Send>(desk.effects) == 1);
}

TEST_CASE_METHOD(Shop, "a message that its provider has never seen waits for its hours") {
  send_mail(DeliveryClass::lookup);
  desk.answer("mail", OperationStatus::unknown);
  desk.now = evening;
  desk.feed(DueInput{});
  REQUIRE(desk.count<LookUp>(desk.effects) == 1);
  OperationResult absent;
  absent.status = OperationStatus::absent;
  desk.feed(LookUpInput{desk.open_touch("mail").key, absent});
  CHECK(desk.effects.empty());
  desk.due();
  CHECK(desk.now == next_morning);
  CHECK(desk.count<Send>(desk.effects) == 1);
}

TEST_CASE_METHOD(Shop, "a message is not repeated to an address that was suppressed meanwhile") {
  send_mail(DeliveryClass::keyed);
  desk.suppression.suppressed.insert(desk.customer.touches[0].address);
  SECTION("what certainly did not happen is dropped") {
    not_now(ten + hours(1));
    desk.due();
    CHECK(desk.effects.empty());
    CHECK(desk.customer.touches[0].outcome == "failed");
    CHECK(desk.customer.touches[0].reason == "suppressed_address");
  }
  SECTION("what may have happened is looked up") {
    desk.answer("mail", OperationStatus::unknown);
    desk.due();
    CHECK(desk.effects.empty());
    desk.due();
    CHECK(desk.count<Send>(desk.effects) == 0);
    CHECK(desk.count<LookUp>(desk.effects) == 1);
  }
}

TEST_CASE_METHOD(Shop, "'not now' to a repeat says nothing of the attempt before it") {
  send_mail(DeliveryClass::keyed);
  desk.answer("mail", OperationStatus::unknown);
  desk.due();
  REQUIRE(desk.count<Send>(desk.effects) == 1);
  not_now(Instant::never());
  CHECK(desk.customer.touches[0].state == TouchState::unknown);
  desk.paid();
  desk.due();
  CHECK(desk.customer.touches[0].state == TouchState::unknown);
  desk.due();
  CHECK(desk.count<LookUp>(desk.effects) == 1);
}

TEST_CASE_METHOD(Shop, "a keyed message is not looked up before its provider's index can know") {
  send_mail(DeliveryClass::keyed);
  desk.answer("mail", OperationStatus::unknown);
  desk.paid();
  while (desk.count<LookUp>(desk.effects) == 0) desk.due();
  CHECK(desk.now >= ten + minutes(10));  // also when a clock is set forward meanwhile
  // A look-up without an answer is soon repeated: the index knows by now.
  OperationResult busy;
  busy.status = OperationStatus::not_now;
  const Instant asked = desk.now;
  desk.feed(LookUpInput{desk.customer.touches[0].key, busy});
  desk.due();
  CHECK(desk.count<LookUp>(desk.effects) == 1);
  CHECK(desk.now < asked + minutes(5));
}

TEST_CASE_METHOD(Shop, "a clock that is set forward does not shorten the wait for a look-up") {
  send_mail(DeliveryClass::lookup);
  desk.answer("mail", OperationStatus::unknown);
  desk.since_boot = desk.now.ms + seconds(20).ms;
  desk.due();
  CHECK(desk.effects.empty());
  const Instant set = desk.now;
  desk.due();
  CHECK(desk.count<LookUp>(desk.effects) == 1);
  CHECK(desk.now >= set + minutes(5));
}

TEST_CASE_METHOD(Shop, "a late 'not now' does not shorten the wait for a look-up") {
  send_mail(DeliveryClass::lookup);
  desk.answer("mail", OperationStatus::unknown);
  const int64_t began = desk.now.ms;
  desk.since_boot = began + seconds(20).ms;
  desk.answer("mail", OperationStatus::not_now);
  desk.due();
  CHECK(desk.effects.empty());
  desk.due();
  CHECK(desk.count<LookUp>(desk.effects) == 1);
}

TEST_CASE_METHOD(Shop, "time before an answer is no part of the wait for a look-up") {
  send_mail(DeliveryClass::lookup);
  const int64_t intended = desk.now.ms;
  desk.since_boot = intended + minutes(30).ms;  // the wall clock stood still
  desk.answer("mail", OperationStatus::unknown);
  desk.since_boot = intended + minutes(30).ms + seconds(20).ms;
  desk.due();
  CHECK(desk.effects.empty());
  desk.due();
  CHECK(desk.count<LookUp>(desk.effects) == 1);
}
