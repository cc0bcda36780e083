// Seam 1 of 5: time. Nothing else in the engine reads a clock.
#pragma once

#include <atomic>

#include "base/instant.h"

namespace relance {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;  // wall clock, UTC; may be set back by its owner
  // Monotonic, counts through suspend: the age of a provider's key.
  virtual Duration since_boot() const = 0;
};

// The machine's own. Threads: any.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Duration since_boot() const override;
};

// Processor time that this thread has used, in microseconds: the last bound of a hostile script.
// Never for anything that a run decides.
int64_t processor_us_of_thread();

// Stands still until it is told. Threads: now() from any; set() from one.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant start) : at_ms_(start.ms), start_(start) {}
  Instant now() const override { return {at_ms_.load(std::memory_order_acquire)}; }
  Duration since_boot() const override { return now() - start_; }
  void set(Instant at);  // never backwards

 private:
  std::atomic<int64_t> at_ms_;
  Instant start_;
};

}  // namespace relance
