// Too few file handles, too little memory: the program refuses or ends with a text, and what it
// acknowledged is kept. It never goes on with half of what it needs.
//
// `./dev storm --long` tries every limit in smaller steps.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "scenarios/books.h"

using namespace relance;
using namespace relance::test;

namespace {

// A life under a limit, long enough to run into it.
struct Met {
  bool ended = false;
  int exit = 0;
};

// The loader and the libraries let it begin. What ends before its first line is not the program's
// to say.
bool loads(const std::string& limits) {
  ChildProcess child(
      {"/bin/sh", "-c", limits + "; exec \"$0\" --help", RELANCE_BUILD_DIR "/bin/relance"},
      {"/dev/null", {}, false});
  return child.ends_within(20'000) && child.exit() == 0;
}

Met live_limited(Shop& shop, const std::string& limits) {
  std::filesystem::remove(shop.path("log"));
  const auto child = shop.start_limited(limits);
  const bool ended = shop.give(*child, 400, 2000);
  child->kill();
  shop.source().look();
  check_crash(shop);
  return {ended, child->exit()};
}

// Ended by itself: with a text, and not by a signal.
void check_end(const Shop& shop, const Met& met) {
  INFO(shop.log());
  if (!met.ended) return;
  CHECK(met.exit > 0);
  CHECK_FALSE(shop.log().empty());
}

int steps_of(int usual, int when_long) {
  return setting("RELANCE_STORM_LONG", 0) != 0 ? when_long : usual;
}

}  // namespace

TEST_CASE("too few file handles are refused with a text, and nothing is lost", "[limits]") {
  Shop shop("limit_files", "blind");
  bool refused = false, went_well = false;
  for (int handles = 4; handles <= 132; handles += steps_of(32, 1)) {
    CAPTURE(handles);
    const Met met = live_limited(shop, fmt::format("ulimit -n {}", handles));
    check_end(shop, met);
    refused |= met.ended;
    went_well |= !met.ended;
  }
  CHECK(refused);
  CHECK(went_well);
  shop.finish();
  check_closed(shop);
}

TEST_CASE("too little memory ends the process with a text, and nothing is lost", "[limits]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr int kFrom = 400, kTo = 1200;  // they reserve terabytes: every limit is too little
#else
  constexpr int kFrom = 20, kTo = 420;
#endif
  Shop shop("limit_memory", "blind");
  bool refused = false;
  for (int mib = kFrom; mib <= kTo; mib += steps_of(80, 4)) {
    CAPTURE(mib);
    const std::string limit = fmt::format("ulimit -v {}", mib * 1024);
    const Met met = live_limited(shop, limit);
    if (!loads(limit)) continue;
    check_end(shop, met);
    refused |= met.ended;
  }
  CHECK(refused);
  shop.finish();
  check_closed(shop);
}
