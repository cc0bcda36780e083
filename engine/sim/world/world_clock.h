// The clocks of a simulated machine: one true time that only moves forward, and what the machine
// makes of it: a wall clock that is set now and then, and a clock since boot that a power loss
// starts again.
//
// Threads: one.
#pragma once

#include "base/clock.h"

namespace relance {

// True time in which every world begins: a Monday.
inline constexpr Instant kWorldBegins{1767600000000};  // 2026-01-05T08:00:00Z

class WorldClock final : public Clock {
 public:
  explicit WorldClock(Instant start) : true_(start), booted_(start) {}

  Instant now() const override { return true_ + offset_; }
  Duration since_boot() const override { return true_ - booted_; }

  Instant true_now() const { return true_; }
  void move_to(Instant at) {
    RELANCE_ASSERT(at >= true_);
    true_ = at;
  }
  // When the wall clock will show `wall`, if nobody sets it.
  Instant true_at(Instant wall) const { return wall.is_never() ? wall : wall - offset_; }
  void set_wall(Duration offset) { offset_ = offset; }
  Duration offset() const { return offset_; }
  void boot() { booted_ = true_; }

 private:
  Instant true_, booted_;
  Duration offset_;
};

}  // namespace relance
