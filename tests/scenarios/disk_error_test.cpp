// A disk that reports an error: the process ends at once and says why, because Linux forgets what
// it could not write: a second flush would succeed, and keep nothing.
//
// `./dev storm --long`: every one of the first 500 flushes and writes, RELANCE_STORM_LONG.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "scenarios/books.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kWithinMs = 20'000;  // until that flush; from then on
constexpr int kAtOnceMs = 1'000;
constexpr int kCannotOpen = 3;  // exit code

constexpr int kOfOpening = 8;  // the first calls make a new store

std::vector<int> calls_to_fail() {
  std::vector<int> calls;
  const bool all = setting("RELANCE_STORM_LONG", 0) != 0;
  for (int n = 1; n <= (all ? 500 : 100); n += all || n < kOfOpening ? 1 : 13) calls.push_back(n);
  return calls;
}

// Feeds it until the fault has struck; it must end at once. The faults are planned.
void end_by_fault(Shop& shop) {
  const auto child = shop.start_with_faults();
  bool ended = false;
  for (int ms = 0; ms < kWithinMs && !ended && shop.faults().seen().struck == 0; ms += 10)
    ended = shop.give(*child, 10, 2000);
  INFO(shop.log());
  REQUIRE(shop.faults().seen().struck > 0);
  REQUIRE(child->ends_within(kAtOnceMs));
  CHECK(child->exit() == kCannotOpen);
  CHECK(shop.says("error E0406: "));
  shop.source().look();
}

}  // namespace

TEST_CASE("an I/O error ends the process at once, and nothing acknowledged is lost", "[disk]") {
  for (const char* fault : {"sync:eio@{}", "sync:eio@{}..", "write:eio@{}"}) {
    auto shop = std::make_unique<Shop>("disk_error", "blind");
    for (const int call : calls_to_fail()) {
      CAPTURE(fault, call);
      if (call < kOfOpening) shop = std::make_unique<Shop>("disk_error", "blind");
      // The lock's file is a witness, no more (store/writer_lock.h): it may fail to be written.
      const bool flush = std::string_view(fault).starts_with("sync");
      shop->faults().plan(fmt::format(fmt::runtime(fault), call), flush ? "store.db" : "-wal$");
      end_by_fault(*shop);
      check_crash(*shop);
    }
    CHECK(shop->source().acknowledged() > 0);
    shop->finish();
    check_closed(*shop);
  }
}

TEST_CASE("an I/O error of a checkpoint ends the process, too", "[disk]") {
  Shop shop("disk_checkpoint", "blind");
  {  // so that the file itself is flushed by checkpoints only
    const auto first = shop.start();
    shop.give(*first, 200, 500);
  }
  const char* fault = GENERATE("sync:eio@1", "write:eio@100");
  CAPTURE(fault);
  shop.faults().plan(fault, "store.db$");
  end_by_fault(shop);
  CHECK(shop.source().acknowledged() > 100);
  check_crash(shop);
  shop.finish();
  check_closed(shop);
}
