#include "node/lost_sends.h"

#include "base/log.h"

namespace relance {

void LostSends::take(const SendHold& hold, LostTime& into) {
  into = {hold.from, hold.released_at, hold.over_at()};
  time_.store(&into, std::memory_order_release);
}

void LostSends::begin(const SendHold& hold) {
  held_ = !hold.released();
  take(hold, times_[held_ ? 0 : 1]);
  if (!held_) return;
  const bool known = hold.from != Instant::beginning();
  log::error("store",
             "{}: nothing is known after {}; no touch begins until `relance resume --sends`",
             hold.why, known ? format_instant(hold.from) : "an unknown instant");
}

// A note that is gone says less than one that was released: it was removed by hand.
bool LostSends::look() {
  if (!held_ || path_.empty()) return false;
  const auto hold = read_hold(path_);
  if (hold && !hold->released()) return false;
  take(hold ? *hold : SendHold{times_[0].from, times_[0].from, ""}, times_[1]);
  held_ = false;
  log::warn("store", "the sends are released");
  return true;
}

}  // namespace relance
