// A wall clock that is set while runs wait: no wait ends early, nothing is sent twice, and touches
// wait until a person says that the clock is right.
#include <catch2/catch.hpp>

#include "base/clock.h"
#include "scenarios/books.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kWaitMs = 2'000;  // between the first message of a run and the second
constexpr int kHour = 3'600'000, kDay = 24 * kHour;

Shop shop_that_waits(const std::string& name) {
  return Shop(name, "keyed",
              {{"f.two = send { after = f.one.otherwise,",
                "f.pause = wait { after = f.one.otherwise, seconds(2) }\n"
                "f.two = send { after = f.pause,"},
               {"minutes(5)", "days(60)"}});
}

size_t effects_of(const Shop& shop) { return read_ledger(shop).keys.size(); }

void resume(const Shop& shop) {
  ChildProcess command(
      {RELANCE_BUILD_DIR "/bin/relance", "resume", "--clock", "--store", shop.store()},
      {shop.path("log"), {}, false});
  REQUIRE(command.ends_within(kLastLifeMs));
  REQUIRE(command.exit() == 0);
}

// Gives a few events and waits for the first messages.
std::unique_ptr<ChildProcess> begin(Shop& shop) {
  shop.faults().plan("");
  auto child = shop.start_with_faults();
  REQUIRE_FALSE(shop.give(*child, 400, 100));
  REQUIRE_FALSE(shop.give(*child, 400, 0));
  REQUIRE(shop.source().acknowledged() == shop.source().made());
  REQUIRE(effects_of(shop) == shop.source().made());
  return child;
}

void end(Shop& shop, ChildProcess& child) {
  shop.end_feed(child);
  REQUIRE(child.ends_within(kLastLifeMs));
  INFO(shop.log());
  CHECK(child.exit() == 0);
  shop.source().look();
  const Closed closed = check_closed(shop);
  CHECK(closed.unknown.empty());
  CHECK(closed.effects == 2 * shop.source().made());
}

}  // namespace

TEST_CASE("a clock that is set by more than five minutes ends no wait and holds touches",
          "[clock]") {
  const bool all = setting("RELANCE_STORM_LONG", 0) != 0;
  const int by = GENERATE_REF(from_range(all ? std::vector<int>{kHour, -kHour, kDay, -kDay}
                                             : std::vector<int>{kDay, -kHour}));
  CAPTURE(by);
  Shop shop = shop_that_waits("clock");
  const auto child = begin(shop);
  const size_t first = effects_of(shop);
  shop.faults().shift_clock(by);
  REQUIRE_FALSE(shop.give(*child, kWaitMs + 1'000, 20));  // the waits are over, new runs begin
  INFO(shop.log());
  CHECK(shop.says("until `relance resume --clock`"));
  CHECK(effects_of(shop) == first);
  CHECK(shop.source().acknowledged() == shop.source().made());  // events are taken all the same
  if (by < 0) shop.faults().shift_clock(0);                     // it is put right
  resume(shop);
  end(shop, *child);
}

TEST_CASE("a small step of the clock is taken as it is", "[clock]") {
  Shop shop = shop_that_waits("clock_small");
  const auto child = begin(shop);
  shop.faults().shift_clock(GENERATE(values<int>({1'000, -1'000})));
  end(shop, *child);
  CHECK_FALSE(shop.says("resume --clock"));
}

TEST_CASE("a clock that is not believed is not believed by the next process either", "[clock]") {
  Shop shop = shop_that_waits("clock_restart");
  size_t first = 0;
  {
    const auto child = begin(shop);
    first = effects_of(shop);
    shop.faults().shift_clock(kDay);
    REQUIRE_FALSE(shop.give(*child, 500, 20));
    child->kill();
    shop.source().look();
    check_crash(shop);
  }
  const auto child = shop.start_with_faults();
  REQUIRE_FALSE(shop.give(*child, kWaitMs, 20));
  INFO(shop.log());
  CHECK(shop.says("still not believed"));
  CHECK(effects_of(shop) == first);
  resume(shop);
  end(shop, *child);
}

TEST_CASE("a start before the last commit sends nothing until the clock is right", "[clock]") {
  Shop shop = shop_that_waits("clock_start");
  size_t first = 0;
  {
    const auto child = begin(shop);
    first = effects_of(shop);
    child->kill();
    shop.source().look();
  }
  shop.faults().shift_clock(-kDay);
  const auto child = shop.start_with_faults();
  REQUIRE_FALSE(shop.give(*child, kWaitMs, 20));
  CHECK(effects_of(shop) == first);
  shop.faults().shift_clock(0);
  resume(shop);
  end(shop, *child);
}
