// Messages that were accepted and not delivered yet are asked back once nobody wants them any more.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Mailed {
  FakeRules rules;
  Desk desk{rules};
  Key key;

  Mailed() {
    rules.add_channel("email", "email").can_recall = true;
    rules.abouts["email.delivered"] = "touch";
    rules.add(flow("pay", {step("mail", mail()), step("wait", wait_for(days(9)), on(0, {}))}));
    desk.failed_payment();
    desk.profile();
    key = desk.open_touch("mail").key;
  }
  void accepted() {
    OperationResult result;
    result.status = OperationStatus::done;
    result.word = "delivered";
    result.refs = {"m-1"};
    desk.feed(ResultInput{key, result});
  }
  size_t recalls() const { return desk.count<Recall>(desk.effects); }
};

}  // namespace

TEST_CASE_METHOD(Mailed, "a message is asked back once the goal is reached, by its provider's id") {
  accepted();
  desk.paid();
  REQUIRE(recalls() == 1);
  for (const Effect& effect : desk.effects)
    if (const auto* recall = std::get_if<Recall>(&effect)) {
      CHECK(recall->touch.key == key);
      const Doc refs = opened(desk.customer.id, recall->touch.held->refs);
      REQUIRE(refs.view().size() == 1);
    }
}

TEST_CASE_METHOD(Mailed, "what came of a recall is a fact and changes nothing") {
  accepted();
  desk.paid();
  const Touch before = *desk.customer.find_touch(key);
  std::string told;
  OperationResult result;
  SECTION("it was taken back") {
    result.status = OperationStatus::cancelled;
    told = "taken back";
  }
  SECTION("it was too late") {
    result.status = OperationStatus::done;
    told = "too late";
  }
  SECTION("nobody knows") {
    result.status = OperationStatus::unknown;
    told = "unknown";
  }
  desk.feed(RecallInput{key, result});
  CHECK(desk.records<Decided>().back().what == "recall");
  CHECK(desk.records<Decided>().back().choice == told);
  CHECK(*desk.customer.find_touch(key) == before);
  CHECK(desk.effects.empty());
}

TEST_CASE_METHOD(Mailed, "what cannot or need not be taken back is not asked for") {
  SECTION("its channel cannot") {
    rules.channels["email"].can_recall = false;
    accepted();
  }
  SECTION("it was delivered") {
    accepted();
    EventInput input{"d-1",
                     "test",
                     "email.delivered",
                     "c-1",
                     desk.now,
                     {},
                     event_hash("shop", "c-1", "test", "d-1"),
                     key};
    desk.feed(input);
  }
  SECTION("it is too long ago") {
    accepted();
    desk.now = desk.now + days(4);
  }
  SECTION("it bounced") { desk.answer("mail", OperationStatus::done, "bounced"); }
  SECTION("it is still on its way to the provider") {}
  desk.paid();
  CHECK(recalls() == 0);
}

TEST_CASE_METHOD(Mailed, "a run that merely ends leaves its messages on their way") {
  accepted();
  desk.due(desk.now + days(9));
  REQUIRE(desk.ended() == "completed");
  CHECK(recalls() == 0);
}
