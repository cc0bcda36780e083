// A thousand calls under way at once, and the engine is killed twice: while it dials, and while all
// of them ring.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <set>

#include "wires/stage.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr size_t kCalls = 1000;
constexpr int kRingMs = 12'000;

std::vector<WiresCustomer> customers() {
  std::vector<WiresCustomer> all;
  for (size_t i = 0; i < kCalls; ++i)
    all.push_back({fmt::format("c{}", i), "Ann", fmt::format("+3363998{:04}", i)});
  return all;
}

size_t settled(Wires& wires) {
  const std::string told = wires.told("touches --json");
  size_t count = 0;
  for (size_t at = told.find(R"("outcome":"busy")"); at != std::string::npos;
       at = told.find(R"("outcome":"busy")", at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("of a thousand calls under way kill -9 loses none and dials none twice", "[S0-21]") {
  const std::vector<WiresCustomer> all = customers();
  Wires wires("calls", all);
  for (const WiresCustomer& one : all) {
    twilio_fake::Callee busy;
    busy.picks = twilio_fake::Callee::Picks::busy;
    busy.ring_ms = kRingMs;
    wires.twilio.callee(one.phone, busy);
  }
  wires.twilio.index_lag(seconds(2));
  const auto fail = [&](size_t from, size_t to) {
    for (size_t i = from; i < to; ++i)
      wires.payment_fails(all[i], "in-" + all[i].id, 4900, "insufficient_funds", "checkout");
  };
  const EffectLedger& dialled = wires.twilio.ledger();
  wires.start();
  fail(0, kCalls / 2);
  wires.kill();
  wires.start();
  fail(kCalls / 2, kCalls);
  REQUIRE(wires.until(
      [&] { return wires.figure("relance_lane_in_flight{channel=\"voice\"}") >= 0.45 * kCalls; }));
  wires.kill();  // all of them ring, or are to be dialled again
  wires.start();
  const bool all_dialled = wires.until([&] { return dialled.count("call") >= kCalls; });
  const double memory = wires.memory_mib();
  const size_t handles = wires.handles();
  const bool all_settled = wires.until([&] { return settled(wires) >= kCalls; }, 90);
  fmt::print("{} calls under way: {:.0f} MiB at most, then {:.0f}; {} file handles\n", kCalls,
             memory, wires.memory_mib(), handles);
  CHECK(wires.stop() == 0);
  REQUIRE(all_dialled);
  REQUIRE(all_settled);
  CHECK(dialled.count("call") == kCalls);
  CHECK(dialled.doubled() == 0);
  std::set<std::string> who;
  for (const ProviderEffect& call : dialled.all()) who.insert(call.to);
  CHECK(who.size() == kCalls);
}
