// The real program kills itself at named points (base/crash_point.h): those that the town on
// virtual time does not come to, and some of each other kind. All others:
// tests/node/crash_points_test.cpp.
#include <catch2/catch.hpp>
#include <csignal>

#include "base/crash_point.h"
#include "scenarios/books.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kWithinMs = 20'000;

void die_at(Shop& shop, CrashPoint point, int visit) {
  const std::string at = std::string(crash_point_name(point)) + ":" + std::to_string(visit);
  CAPTURE(at);
  const auto child = shop.start_limited("export RELANCE_CRASH_AT=" + at);
  REQUIRE(shop.give(*child, kWithinMs, 2000));
  INFO(shop.log());
  REQUIRE(child->exit() == -SIGKILL);
  shop.source().look();
  check_crash(shop);
}

void die_everywhere(const std::string& delivery) {
  Shop shop("points-" + delivery, delivery);
  for (const CrashPoint point :
       {CrashPoint::generation_kept, CrashPoint::plugin_before_send, CrashPoint::plugin_sent,
        CrashPoint::plugin_completed, CrashPoint::epoch_committed, CrashPoint::entries_written,
        CrashPoint::transaction_committed, CrashPoint::commit_acknowledged, CrashPoint::store_open,
        CrashPoint::mark_half_begun, CrashPoint::mark_half_answered, CrashPoint::customer_recovered,
        CrashPoint::tail_replayed})
    die_at(shop, point, 1);
  for (const CrashPoint point : {CrashPoint::plugin_before_send, CrashPoint::plugin_sent,
                                 CrashPoint::plugin_completed, CrashPoint::commit_written})
    die_at(shop, point, 25);
  shop.finish();
  const Closed closed = check_closed(shop);
  CHECK(closed.doubled == 0);
}

}  // namespace

TEST_CASE("the program may kill itself at named points: blind touches happen at most once") {
  die_everywhere("blind");
}

TEST_CASE("the program may kill itself at named points: keyed touches happen once") {
  die_everywhere("keyed");
}
