// Clock, Random and Process: the seams of this room.
#include <catch2/catch.hpp>
#include <set>

#include "base/clock.h"
#include "base/process.h"
#include "base/random.h"

using namespace relance;

TEST_CASE("a virtual clock stands still until it is told") {
  VirtualClock clock(*parse_instant("2026-01-05T08:00:00Z"));
  CHECK(clock.now() == *parse_instant("2026-01-05T08:00:00Z"));
  CHECK(clock.since_boot() == Duration{0});
  clock.set(*parse_instant("2026-01-05T09:00:00Z"));
  CHECK(clock.since_boot() == hours(1));
}

TEST_CASE("the machine's clock is in this century and does not run backwards") {
  SystemClock clock;
  const Duration before = clock.since_boot();
  CHECK(clock.now() > *parse_instant("2024-01-01T00:00:00Z"));
  CHECK(clock.since_boot() >= before);
}

TEST_CASE("a seed repeats its stream") {
  SeededRandom a(1);
  SeededRandom b(1);
  SeededRandom c(2);
  const uint64_t first = a.next();
  CHECK(first == b.next());
  CHECK(first != c.next());
  CHECK(first != a.next());
}

TEST_CASE("the system's chance does not repeat itself") {
  SystemRandom random;
  std::set<uint64_t> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random.next());
  CHECK(seen.size() == 100);
}

TEST_CASE("unit_hash spreads over [0, 1) and depends on every part") {
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double u = unit_hash({"holdout", std::to_string(i)});
    REQUIRE(u >= 0);
    REQUIRE(u < 1);
    sum += u;
  }
  CHECK(sum / 10'000 == Approx(0.5).margin(0.02));
  CHECK(unit_hash({"a", "b"}) == unit_hash({"a", "b"}));
  CHECK(unit_hash({"a", "b"}) != unit_hash({"ab"}));
}

TEST_CASE("a simulated process has no environment and survives every crash point") {
  SimulatedProcess process;
  CHECK_FALSE(process.environment("PATH"));
  process.crash_point("intent_committed");
  CHECK(SystemProcess().environment("PATH"));
  CHECK_FALSE(SystemProcess().environment("RELANCE_NO_SUCH_VARIABLE"));
}
