// The ledger is cut where its oldest touch is older than anything looks back at, in steps.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Shop {
  FakeRules rules;
  Shop() {
    rules.add_channel("email", "email");
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    rules.add(flow("pay", {step("mail", mail())}));
  }

  // How many touches are left when an event comes so long after one that was sent.
  size_t left_after(Duration passed) {
    Desk desk(rules);
    desk.failed_payment("i-1");
    desk.profile();
    desk.answer("mail", OperationStatus::done);
    REQUIRE(desk.customer.touches.size() == 1);
    REQUIRE(desk.customer.past.size() == 1);
    desk.now = desk.now + passed;
    desk.paid();
    CHECK(desk.customer.past.size() == desk.customer.touches.size());
    return desk.customer.touches.size();
  }
};

}  // namespace

TEST_CASE_METHOD(Shop, "a touch is kept for 90 days, and for ten more until it is cut") {
  CHECK(left_after(days(89)) == 1);
  CHECK(left_after(days(100)) == 1);
  CHECK(left_after(days(100) + seconds(1)) == 0);
}

TEST_CASE_METHOD(Shop, "a touch is kept for as long as a rule looks back") {
  rules.rules.caps.push_back({{}, 3, days(200)});
  CHECK(left_after(days(209)) == 1);
  CHECK(left_after(days(211)) == 0);
}
