// SIGTERM: what is under way ends, nothing new begins, and the next start goes on.
#include <catch2/catch.hpp>
#include <csignal>

#include "base/clock.h"
#include "scenarios/books.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kDeadlineMs = 10'000;  // docs/reference/cli.md
constexpr int kAtOnceMs = 2'000;

// Waits until its provider has acted so often.
void work_until(Shop& shop, ChildProcess& child, size_t effects) {
  const SystemClock clock;
  const Duration end = clock.since_boot() + seconds(60);
  while (read_ledger(shop).keys.size() < effects) {
    REQUIRE(clock.since_boot() < end);
    REQUIRE_FALSE(shop.give(child, 50, 1000));
  }
}

}  // namespace

TEST_CASE("SIGTERM under load drains, ends in time, and nothing is lost or doubled", "[stop]") {
  for (const char* delivery : {"lookup", "blind"}) {
    Shop shop("stop", delivery);
    for (const int signal : {SIGTERM, SIGINT}) {
      const auto child = shop.start();
      work_until(shop, *child, read_ledger(shop).keys.size() + 100);
      child->signal(signal);
      REQUIRE(child->ends_within(kDeadlineMs + 1'000));
      INFO(shop.log());
      CHECK(child->exit() == 0);
      CHECK(shop.says(signal == SIGTERM ? "SIGTERM: stopping" : "SIGINT: stopping"));
      CHECK(shop.says("stopped; everything acknowledged is kept"));
      shop.source().look();
      // Whatever was on its way has got its outcome.
      CHECK(check_crash(shop).open.empty());
    }
    shop.finish();
    CHECK(check_closed(shop).unknown.empty());
  }
}

TEST_CASE("a provider that does not answer delays the end no longer than the deadline", "[stop]") {
  Shop shop("stop_slow", "blind", {{"answer_after_ms = 25", "answer_after_ms = 600000"}});
  const auto child = shop.start();
  work_until(shop, *child, 10);
  const SystemClock clock;
  const Duration asked = clock.since_boot();
  child->signal(SIGTERM);
  REQUIRE(child->ends_within(kDeadlineMs + 1'000));
  INFO(shop.log());
  CHECK(child->exit() == 0);
  CHECK((clock.since_boot() - asked).ms > 1'000);  // it was waited for
  shop.source().look();
  CHECK(check_crash(shop).open.size() >= 10);
}

TEST_CASE("a second SIGTERM ends the process at once, as a crash would", "[stop]") {
  Shop shop("stop_twice", "keyed", {{"answer_after_ms = 25", "answer_after_ms = 1000"}});
  const auto child = shop.start();
  work_until(shop, *child, 10);
  child->signal(SIGTERM);
  CHECK_FALSE(child->ends_within(300));  // calls are under way
  child->signal(SIGTERM);
  REQUIRE(child->ends_within(kAtOnceMs));
  INFO(shop.log());
  CHECK(child->exit() == 5);
  CHECK(shop.says("a second signal: ended at once"));
  shop.source().look();
  check_crash(shop);
  shop.finish();
  check_closed(shop);
}
