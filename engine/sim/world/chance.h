// Chance of a simulation: everything that is drawn comes from streams like this one, so a seed
// alone tells what happens.
//
// Threads: one.
#pragma once

#include <vector>

#include "base/id.h"
#include "base/instant.h"
#include "base/random.h"

namespace relance {

class Chance {
 public:
  // One stream each for what is independent: a change in one leaves the others as they were.
  Chance(uint64_t seed, std::string_view stream)
      : random_(derive_hash({"simulation", std::to_string(seed), stream})) {}

  uint64_t below(uint64_t end) { return random_.next() % end; }
  int64_t between(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(below(static_cast<uint64_t>(most - least) + 1));
  }
  bool percent(int64_t share) { return static_cast<int64_t>(below(100)) < share; }
  bool one_in(int64_t count) { return count > 0 && below(static_cast<uint64_t>(count)) == 0; }
  Duration span(Duration least, Duration most) { return {between(least.ms, most.ms)}; }
  // Small ones as likely as large ones.
  Duration log_span(Duration least, Duration most) {
    int64_t top = most.ms;
    while (top > least.ms && one_in(2)) top = least.ms + (top - least.ms) / 4;
    return {between(least.ms, top)};
  }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  SeededRandom random_;
};

}  // namespace relance
