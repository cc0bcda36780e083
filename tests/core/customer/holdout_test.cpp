// Holdout: a share of the customers is left alone, always the same ones.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kCustomers = 400;

struct Shop {
  FakeRules rules;
  Shop() {
    rules.add_channel("retry", "retry");
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
  }
  void add(Purpose purpose, int percent) {
    Flow pay = flow("pay", {step("charge", charge())});
    pay.purpose = purpose;
    pay.holdout_percent = percent;
    rules.add(std::move(pay));
  }
  // Is customer n held out of a run over this invoice? Then he is not charged.
  bool held_out(int n, const std::string& invoice) {
    Desk desk(rules);
    desk.customer.id = customer_key("shop", "c-" + std::to_string(n));
    desk.failed_payment(invoice);
    const auto refused = desk.records<RunNotStarted>();
    REQUIRE(refused.size() + desk.records<RunStarted>().size() == 1);
    if (refused.empty()) return false;
    REQUIRE(refused[0].how == RunEnd::holdout);
    REQUIRE(desk.customer.touches.empty());
    REQUIRE(desk.count<Send>(desk.effects) == 0);
    return true;
  }
};

}  // namespace

TEST_CASE_METHOD(Shop, "a tenth is held out, for every invoice the same customers", "[S0-29]") {
  add(Purpose::recovery, 10);
  int held = 0;
  for (int n = 0; n < kCustomers; ++n) {
    const bool first = held_out(n, "i-1");
    held += first;
    REQUIRE(held_out(n, "i-2") == first);
  }
  CHECK(held > kCustomers / 20);
  CHECK(held < kCustomers / 5);
}

TEST_CASE_METHOD(Shop, "service holds nobody out", "[S0-29]") {
  add(Purpose::service, 90);
  for (int n = 0; n < kCustomers / 10; ++n) CHECK_FALSE(held_out(n, "i-1"));
}
