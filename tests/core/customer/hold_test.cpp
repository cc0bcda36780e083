// Holds and what takes them back: release, the run's end, an answer that never comes.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

// A hold of six hours, released when the method was updated; two days pass beside it.
struct Held {
  FakeRules rules;
  Desk desk{rules};

  explicit Held(DeliveryClass delivery = DeliveryClass::keyed) {
    rules.connectors["shop"] = Connector{"shop", delivery, false, hours(24), {}, 0};
    const HoldStep hold{"shop", "hold", "release", {}, hours(6)};
    rules.add(flow("cod", {step("hold", hold), step("updated", await("payment_method.updated")),
                           step("release", ReleaseStep{0}, on(1, {"arrived"})),
                           step("wait", wait_for(days(2)))}));
    desk.failed_payment();
  }
  void update() { desk.event("payment_method.updated", Doc::empty_record()); }
};

}  // namespace

TEST_CASE_METHOD(Held, "a release ends with the answer to its undo, not before") {
  desk.answer("hold", OperationStatus::done);
  update();
  REQUIRE(desk.count<Send>(desk.effects) == 1);
  REQUIRE(desk.outcome("release").empty());
  SECTION("done") {
    desk.answer("hold", OperationStatus::done);
    REQUIRE(desk.outcome("release") == "done");
  }
  SECTION("refused") {
    desk.answer("hold", OperationStatus::refused);
    REQUIRE(desk.outcome("release") == "refused");
  }
  SECTION("failed") {
    desk.answer("hold", OperationStatus::failed);
    REQUIRE(desk.outcome("release") == "failed");
  }
  REQUIRE(desk.outcome("hold") == "done");
}

TEST_CASE_METHOD(Held, "a release has nothing to do where the hold is over") {
  SECTION("because it was refused") {
    desk.answer("hold", OperationStatus::refused);
    update();
  }
  SECTION("because its time was up and it was undone") {
    desk.answer("hold", OperationStatus::done);
    desk.due();
    desk.answer("hold", OperationStatus::done);
    update();
  }
  REQUIRE(desk.count<Send>(desk.effects) == 0);
  REQUIRE(desk.outcome("release") == "done");
}

TEST_CASE_METHOD(Held, "a release waits for an undo that is under way already") {
  desk.answer("hold", OperationStatus::done);
  desk.due();
  update();
  REQUIRE(desk.count<Send>(desk.effects) == 0);
  REQUIRE(desk.outcome("release").empty());
  desk.answer("hold", OperationStatus::refused);
  REQUIRE(desk.outcome("release") == "refused");
}

TEST_CASE_METHOD(Held, "a release that comes before the hold was answered undoes it then") {
  update();
  REQUIRE(desk.outcome("release").empty());
  SECTION("it took hold") {
    desk.answer("hold", OperationStatus::done);
    REQUIRE(desk.count<Send>(desk.effects) == 1);
    REQUIRE(desk.outcome("release").empty());
    desk.answer("hold", OperationStatus::done);
    REQUIRE(desk.outcome("release") == "done");
  }
  SECTION("it never held") {
    desk.answer("hold", OperationStatus::failed);
    REQUIRE(desk.count<Send>(desk.effects) == 0);
    REQUIRE(desk.outcome("release") == "done");
  }
}

TEST_CASE_METHOD(Held, "a stop undoes the hold once, and the run ends when that is answered") {
  desk.answer("hold", OperationStatus::done);
  desk.event("invoice.voided", Doc::record({{"invoice_id", Doc::text("i-1")}}));
  REQUIRE(desk.count<Send>(desk.effects) == 1);
  REQUIRE(desk.ended().empty());
  desk.answer("hold", OperationStatus::refused);
  REQUIRE(desk.ended() == "stopped");
  REQUIRE(desk.customer.touches.back().outcome == "refused");
}

TEST_CASE_METHOD(Held, "a goal during a release sends no second undo") {
  desk.answer("hold", OperationStatus::done);
  update();
  desk.paid();
  REQUIRE(desk.count<Send>(desk.effects) == 0);
  desk.answer("hold", OperationStatus::done);
  REQUIRE(desk.ended() == "goal");
  REQUIRE(desk.customer.touches.size() == 2);
}

TEST_CASE("an undo that nobody can settle keeps neither its release nor its run waiting") {
  Held held(DeliveryClass::blind);
  Desk& desk = held.desk;
  desk.answer("hold", OperationStatus::done);
  SECTION("a release goes on as done") {
    held.update();
    desk.answer("hold", OperationStatus::unknown);
    REQUIRE(desk.outcome("release") == "done");
  }
  SECTION("an ended run ends") {
    desk.paid();
    desk.answer("hold", OperationStatus::unknown);
    REQUIRE(desk.ended() == "goal");
  }
  REQUIRE(desk.customer.touches.back().state == TouchState::parked);
}
