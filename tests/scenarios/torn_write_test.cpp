// Writes that end halfway: the process is gone in the middle of one, or the kernel takes only a
// part of it.
//
// `./dev storm --long` tears every one of the first 500 writes.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "scenarios/books.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kTornExit = 99;  // tests/faults/faults.c
constexpr int kWithinMs = 20'000;

}  // namespace

TEST_CASE("a write that is torn by a crash loses nothing acknowledged", "[torn]") {
  const bool all = setting("RELANCE_STORM_LONG", 0) != 0;
  Shop shop("torn", "blind");
  int torn = 0;
  for (int write = 1; write <= 500; write += all || write < 30 ? 1 : 31, ++torn) {
    CAPTURE(write);
    // The lock's file is a witness, no more: half a line in it is no store that went back.
    shop.faults().plan(fmt::format("write:torn@{}", write));
    const auto child = shop.start_with_faults();
    REQUIRE(shop.give(*child, kWithinMs, 2000));
    INFO(shop.log());
    REQUIRE(child->exit() == kTornExit);
    shop.source().look();
    check_crash(shop);
  }
  CHECK(shop.source().acknowledged() > 0);
  shop.finish();
  check_closed(shop);
}

TEST_CASE("a write that the kernel takes in parts is gone on with", "[torn]") {
  Shop shop("short", "keyed");
  shop.faults().plan("write:short@1..200");
  const auto child = shop.start_with_faults();
  REQUIRE_FALSE(shop.give(*child, 1'000, 1000));
  CHECK(shop.faults().seen().struck == 200);
  shop.end_feed(*child);
  REQUIRE(child->ends_within(kLastLifeMs));
  INFO(shop.log());
  CHECK(child->exit() == 0);
  shop.source().look();
  CHECK(shop.source().acknowledged() == shop.source().made());
  CHECK(check_closed(shop).unknown.empty());
}
