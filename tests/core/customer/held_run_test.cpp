// A run whose flow version cannot be loaded is held: nothing of it leaves, ends or expires, what
// arrives for it is kept, and it goes on once the version is there again.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Shop {
  FakeRules rules;
  Desk desk{rules};
  Key version;
  Shop() {
    rules.add_channel("email", "email");
    rules.add_channel("retry", "retry");
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
  }
  void begin(std::vector<Step> steps) {
    version = rules.add(flow("pay", std::move(steps))).version;
    desk.failed_payment();
  }
  // As after a start whose plugins or templates are not what the version needs.
  void lose() { rules.lost[version] = "no template 'hello'"; }
  void find_again() {
    rules.lost.clear();
    desk.feed(RecoverInput{});
  }
  const Run& run() const { return desk.customer.runs.front(); }
};

}  // namespace

TEST_CASE_METHOD(Shop, "a held run does not wake, and says why once") {
  begin({step("pause", wait_for(hours(1))), step("mail", mail(), on(0, {}))});
  lose();
  desk.due();
  REQUIRE(run().held);
  REQUIRE(desk.effects.empty());
  REQUIRE(desk.customer.next_due().is_never());
  REQUIRE(desk.customer.unfinished());
  desk.feed(DueInput{});
  const auto held = desk.records<RunHeld>();
  REQUIRE(held.size() == 1);
  CHECK(held[0].run == run().id);
  CHECK(held[0].reason == "its flow version cannot be loaded: no template 'hello'");
}

TEST_CASE_METHOD(Shop, "a run at a step that its flow does not have is held") {
  begin({step("pause", wait_for(hours(1))), step("mail", mail(), on(0, {}))});
  desk.customer.runs[0].at(7).wake_at = desk.now;
  Decision decision;
  const std::string installation = "i";
  const Context context{desk.now, 0, installation, rules, desk.suppression, desk.slots, false};
  for (const Input& input : {Input(DueInput{}), Input(RecoverInput{})}) {
    decide(desk.customer, input, context, decision);
    CHECK(run().held);
    CHECK(decision.effects.empty());
  }
  CHECK(desk.customer.runs.size() == 1);
  decide(desk.customer, DueInput{}, context, decision);
  CHECK(decision.entry.records.empty());
}

TEST_CASE_METHOD(Shop, "an answer for a step that never began changes nothing else") {
  HoldStep hold;
  hold.on = "crm";
  hold.op = hold.undo = "hold";
  begin({step("hold", hold)});
  const Key touch = desk.customer.touches.at(0).key;
  desk.customer.runs[0].steps.clear();
  Decision decision;
  const std::string installation = "i";
  OperationResult result;
  result.status = OperationStatus::done;
  decide(desk.customer, ResultInput{touch, result},
         {desk.now, 0, installation, rules, desk.suppression, desk.slots, false}, decision);
  CHECK_FALSE(desk.customer.find_touch(touch)->open());
}

TEST_CASE_METHOD(Shop,
                 "an answer to a reading that the flow does not ask for lets the touch go on") {
  begin({step("mail", mail())});
  StepState& state = desk.customer.runs[0].at(0);
  state.phase = Phase::reading;
  state.word = "recheck_unread";
  state.touch = derive_key({"reading"});
  Decision decision;
  const std::string installation = "i";
  OperationResult result;
  result.status = OperationStatus::done;
  decide(desk.customer, ReadInput{state.touch, result},
         {desk.now, 0, installation, rules, desk.suppression, desk.slots, false}, decision);
  CHECK(run().find(0)->word != "recheck_unread");
}

TEST_CASE_METHOD(Shop, "a held run does not expire, and does once its version is there again") {
  begin({step("watch", await("order.placed"))});
  lose();
  desk.due(run().expire_at + days(1));
  REQUIRE(desk.customer.runs.size() == 1);
  REQUIRE(desk.records<RunEnding>().empty());
  find_again();
  REQUIRE_FALSE(run().held);
  desk.due(desk.now);
  REQUIRE(desk.ended() == "expired");
}

TEST_CASE_METHOD(Shop, "an event for a held run is kept, and ends it once its version is there") {
  begin({step("pause", wait_for(hours(1))), step("mail", mail(), on(0, {}))});
  lose();
  desk.paid();
  REQUIRE(desk.customer.runs.size() == 1);
  REQUIRE(run().kept.size() == 1);
  find_again();
  REQUIRE(desk.ended() == "goal");
  REQUIRE(desk.count<Send>(desk.effects) == 0);
}

TEST_CASE_METHOD(Shop, "an event kept for a held run arrives at the step that waits for it") {
  begin(
      {step("watch", await("order.placed")), step("next", wait_for(hours(1)), on(0, {"arrived"}))});
  lose();
  const Instant came = desk.now;
  desk.event("order.placed", Doc::record({{"invoice_id", Doc::text("i-1")}}));
  desk.event("order.placed", Doc::record({{"invoice_id", Doc::text("another")}}));
  desk.now = came + hours(5);
  find_again();
  REQUIRE(desk.outcome("watch") == "arrived");
  REQUIRE(desk.records<RunJoined>().size() == 1);
  REQUIRE(run().kept.empty());
  REQUIRE(run().find(1) != nullptr);
}

TEST_CASE_METHOD(Shop, "a held run keeps others of its customer from nothing") {
  begin({step("pause", wait_for(hours(1)))});
  Flow other = flow("other", {step("pause", wait_for(hours(2)))});
  other.start = {{"order.placed", {}}};
  other.key.clear();
  rules.add(std::move(other));
  lose();
  desk.event("order.placed", Doc::record({{"invoice_id", Doc::text("i-1")}}));
  REQUIRE(desk.customer.runs.size() == 2);
  desk.due();
  REQUIRE(desk.customer.runs.size() == 1);
  REQUIRE(run().flow == "pay");
}

TEST_CASE_METHOD(Shop, "an open touch of a held run is neither sent, looked up nor parked") {
  const auto delivery = GENERATE(DeliveryClass::blind, DeliveryClass::lookup, DeliveryClass::keyed,
                                 DeliveryClass::repeatable);
  rules.add_channel("retry", "retry", delivery);
  begin({step("retry", charge())});
  const Key key = desk.open_touch("retry").key;
  lose();
  RecoverInput crash;
  if (GENERATE(false, true)) crash.never_begun.push_back(key);
  desk.feed(crash);
  desk.due(desk.now + days(2));
  REQUIRE(desk.effects.empty());
  REQUIRE(desk.open_touch("retry").state == TouchState::intended);
  REQUIRE(desk.customer.next_due().is_never());
}

TEST_CASE_METHOD(Shop, "a touch that waited to be asked again waits on while its run is held") {
  begin({step("retry", charge())});
  desk.answer("retry", OperationStatus::not_now);
  lose();
  desk.due();
  REQUIRE(desk.effects.empty());
  REQUIRE(desk.customer.next_due().is_never());
  find_again();
  desk.due();
  REQUIRE(desk.count<Send>(desk.effects) == 1);
  REQUIRE(desk.answer("retry", OperationStatus::done).entry.records.size() > 1);
  REQUIRE(desk.outcome("retry") == "recovered");
}

TEST_CASE_METHOD(Shop, "what let a held run's message go meanwhile lets it go afterwards") {
  HandoffStep handoff;
  handoff.words = {"resolved"};
  Flow person = flow("person", {step("desk", handoff)});
  person.key.clear();
  person.start = {{"order.placed", {}}};
  rules.add(std::move(person));
  desk.event("order.placed", Doc::empty_record());
  const Key other = run().id;
  begin({step("mail", mail())});
  REQUIRE(desk.count<Read>(desk.effects) == 0);
  lose();
  CommandInput resolved;
  resolved.command = "resolve";
  resolved.run = other;
  resolved.step = "desk";
  resolved.author = "ann";
  desk.feed(resolved);
  REQUIRE(desk.customer.leases.empty());
  REQUIRE(desk.count<Send>(desk.effects) == 0);
  rules.lost.clear();
  desk.feed(RecoverInput{});
  desk.profile();
  REQUIRE(desk.count<Send>(desk.effects) == 1);
}
