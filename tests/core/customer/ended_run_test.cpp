// What was pending when a run ended leaves no more: a payment that arrived is never followed by a
// charge, nor by a message that had not left yet.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Shop {
  FakeRules rules;
  Desk desk{rules};
  Shop() {
    rules.add_channel("email", "email");
    rules.add_channel("retry", "retry");
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
  }
  void charge_it() {
    rules.add(flow("pay", {step("retry", charge())}));
    desk.failed_payment();
  }
  void not_now(const std::string& step_name) { desk.answer(step_name, OperationStatus::not_now); }
};

}  // namespace

TEST_CASE_METHOD(Shop, "the goal asks to take back a charge that is on its way") {
  charge_it();
  desk.paid();
  REQUIRE(desk.count<CancelTouch>(desk.effects) == 1);
}

TEST_CASE_METHOD(Shop, "a charge that the provider put off is not made once the goal is there") {
  charge_it();
  not_now("retry");
  desk.paid();
  REQUIRE(desk.ended() == "goal");
  desk.due();
  REQUIRE(desk.count<Send>(desk.effects) == 0);
  REQUIRE(desk.customer.touches[0].state == TouchState::done);
  REQUIRE(desk.customer.touches[0].outcome == "failed");
  REQUIRE(desk.customer.touches[0].reason == "run ended");
  REQUIRE(desk.customer.next_due().is_never());
}

TEST_CASE_METHOD(Shop, "a message that the provider put off is not sent once the run has ended") {
  rules.add(flow("pay", {step("mail", mail())}));
  desk.failed_payment();
  desk.profile();
  not_now("mail");
  desk.event("invoice.voided", Doc::record({{"invoice_id", Doc::text("i-1")}}));
  desk.due();
  REQUIRE(desk.count<Send>(desk.effects) == 0);
  REQUIRE(desk.customer.touches[0].outcome == "failed");
}

TEST_CASE_METHOD(Shop, "what never began before a crash does not begin after the run's end") {
  charge_it();
  const Key key = desk.open_touch("retry").key;
  desk.paid();
  RecoverInput recover;
  recover.never_begun.push_back(key);
  desk.feed(recover);
  REQUIRE(desk.count<Send>(desk.effects) == 0);
  REQUIRE(desk.customer.touches[0].state == TouchState::done);
}

TEST_CASE_METHOD(Shop, "a charge that may have happened is asked about, never made again") {
  SECTION("where its provider can be asked") {
    rules.channels["retry"].can_look_up = true;
    charge_it();
    const Key key = desk.open_touch("retry").key;
    desk.answer("retry", OperationStatus::unknown);
    const Instant unknown_since = desk.now;
    desk.paid();
    desk.due();
    REQUIRE(desk.effects.empty());
    desk.due();
    REQUIRE(desk.now >= unknown_since + seconds(10));  // the provider's index catches up
    REQUIRE(desk.count<Send>(desk.effects) == 0);
    REQUIRE(desk.count<LookUp>(desk.effects) == 1);
    OperationResult absent;
    absent.status = OperationStatus::absent;
    desk.feed(LookUpInput{key, absent});
    REQUIRE(desk.count<Send>(desk.effects) == 0);
    REQUIRE(desk.customer.touches[0].outcome == "failed");
  }
  SECTION("where it cannot, a person settles it") {
    charge_it();
    desk.answer("retry", OperationStatus::unknown);
    desk.paid();
    desk.due();
    REQUIRE(desk.effects.empty());
    REQUIRE(desk.customer.touches[0].state == TouchState::parked);
  }
}

TEST_CASE_METHOD(Shop, "an own charge's failure that comes back as an event is counted once") {
  ChargeStep retry = charge(4);
  rules.add(flow("pay", {step("retry", retry)}));
  desk.failed_payment();
  const Key key = desk.open_touch("retry").key;
  desk.answer("retry", OperationStatus::refused, "declined");
  const Run& run = desk.customer.runs[0];
  const Flow& pay = *rules.active().front();
  REQUIRE(View(desk.customer, run, pay, desk.now).failures() == 2);
  EventInput webhook{"w",   "test",   "payment.failed",
                     "c-1", desk.now, Doc::record({{"invoice_id", Doc::text("i-1")}}),
                     77,    key};
  desk.feed(webhook);
  REQUIRE(View(desk.customer, desk.customer.runs[0], pay, desk.now).failures() == 2);
  desk.failed_payment();
  REQUIRE(View(desk.customer, desk.customer.runs[0], pay, desk.now).failures() == 3);
}
