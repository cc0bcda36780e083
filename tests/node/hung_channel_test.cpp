// A provider that does not answer holds what was given to it, and nothing else.
#include "node/town.h"

using namespace relance;
using namespace relance::test;

TEST_CASE("while one channel hangs at its limit the others go on", "[F7]") {
  constexpr int kCustomers = 200, kAtOnce = 8;
  FakeRules rules;
  rules.add_channel("email", "email");
  rules.add_channel("fax", "email");
  SendStep fax = mail();
  fax.via = "fax";
  rules.add(flow("mailed", {step("mail", mail()), step("again", mail(), on(0, {}))}));
  rules.add(flow("faxed", {step("fax", fax)}));
  World world;
  Town town(rules, world, {});
  town.node->limit("fax", {kAtOnce, 0});
  const Duration for_ever = days(10);
  std::set<Key> faxes;
  town.provider->acts_after = [&](const Key&) { return seconds(1); };
  town.provider->answers_after = [&](const Key& touch) {
    return faxes.contains(touch) ? for_ever : seconds(1);
  };
  town.provider->acted = [&](const TouchOrder& order) {
    if (order.touch.channel == "fax") faxes.insert(order.touch.key);
  };
  for (int i = 0; i < kCustomers; ++i)
    town.payment_failed("c-" + std::to_string(i), "i-" + std::to_string(i));
  REQUIRE(town.run(kMonday + hours(1)));
  const auto mails = std::count_if(world.sent.begin(), world.sent.end(),
                                   [](const auto& one) { return one.second == "email"; });
  CHECK(mails == 2 * kCustomers);  // everybody's, the second one too
  CHECK(world.under_way["email"] == 0);
  CHECK(world.under_way["fax"] == kAtOnce);  // and no more than that
  CHECK(world.most_under_way["fax"] == kAtOnce);
}
