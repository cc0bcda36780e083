// From an accepted event to the ringing of her telephone, over real connections.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "wires/stage.h"

using namespace relance;
using namespace relance::test;

TEST_CASE("whose card is declined at the checkout is called at once, and once", "[S0-08][S0-12]") {
  constexpr int kCustomers = 100;
  std::vector<WiresCustomer> customers;
  for (int i = 0; i < kCustomers; ++i)
    customers.push_back({fmt::format("c{}", i), "Ann", fmt::format("+3363998{:04}", i)});
  Wires wires("dial", customers);
  for (const WiresCustomer& customer : customers) {
    twilio_fake::Callee busy;
    busy.picks = twilio_fake::Callee::Picks::busy;
    wires.twilio.callee(customer.phone, busy);
  }
  wires.start();
  const SystemClock clock;
  std::map<std::string, Instant> accepted;
  for (const WiresCustomer& customer : customers) {
    wires.payment_fails(customer, "in-" + customer.id, 4900, "insufficient_funds", "checkout");
    accepted[customer.phone] = clock.now();
  }
  const bool all = wires.until([&] { return wires.twilio.ledger().count("call") == kCustomers; });
  CHECK(wires.stop() == 0);
  REQUIRE(all);
  CHECK(wires.twilio.ledger().doubled() == 0);
  std::vector<int64_t> waited;
  for (const ProviderEffect& call : wires.twilio.ledger().all()) {
    REQUIRE(accepted.contains(call.to));
    waited.push_back((call.at - accepted[call.to]).ms);
  }
  std::sort(waited.begin(), waited.end());
  fmt::print("from 202 to the dial: {} ms in half of {} calls, {} ms at most\n",
             waited[waited.size() / 2], waited.size(), waited.back());
}
