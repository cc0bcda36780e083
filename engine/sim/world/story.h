// The story of one seed: what happened, in order. A hash over all of it tells whether a replay was
// the same; the last moments stand beside a failure.
//
// Threads: one.
#pragma once

#include <deque>
#include <functional>
#include <stdexcept>
#include <string>

#include "base/id.h"
#include "base/instant.h"

namespace relance {

// The simulated process dies here, wherever it is: thrown through the engine by a seam and caught
// by the simulation, which throws away everything that the process held.
struct Death {};

// An oracle was not satisfied: the seed has failed.
struct Violation : std::runtime_error {
  Violation(std::string name, const std::string& text)
      : std::runtime_error(text), oracle(std::move(name)) {}
  std::string oracle;  // "O2"
};

struct Moment {
  Instant at;
  std::string_view what;  // a literal
  std::string about;      // a customer, a touch, a channel
  int64_t number = 0, other = 0;
  std::string text() const;
};

class Story {
 public:
  using Listener = std::function<void(const Moment&)>;
  explicit Story(Listener listener = {}) : listener_(std::move(listener)) {}

  void set_time(Instant now) { now_ = now; }
  Instant now() const { return now_; }
  void tell(std::string_view what, std::string about = {}, int64_t number = 0, int64_t other = 0);
  void tell(std::string_view what, const Key& about, int64_t number = 0, int64_t other = 0);

  uint64_t hash() const { return hash_; }
  uint64_t moments() const { return moments_; }
  const std::deque<Moment>& latest() const { return latest_; }

 private:
  void mix(uint64_t value);
  void mix(std::string_view text);

  Listener listener_;
  Instant now_;
  uint64_t hash_ = 0, moments_ = 0;
  std::deque<Moment> latest_;
};

}  // namespace relance
