// Looking back at the customer's touches: how many of a kind lie in a rolling span, and when there
// is room for one more. Internal to the gate.
#pragma once

#include <vector>

#include "core/state/touch.h"

namespace relance {

// Did it reach the customer, or may it have? Intended, unknown and parked ones count as sent; one
// that ended `failed` reached nobody.
inline bool was_contact(const Touch& touch) {
  return touch.is_contact() && !(touch.state == TouchState::done && touch.outcome == "failed");
}

struct Room {
  int counted = 0;            // touches in the span that ends now
  Instant free_at;            // when one more fits; beginning(): now; never(): at no time
  const Touch* by = nullptr;  // the one that takes the last place
};

// At most `at_most` of the touches that `counts` says yes to may lie in any span of `per`. A touch
// leaves the span exactly `per` after it left us.
template <class Counts>
Room room_for_one(const std::vector<Touch>& touches, int at_most, Duration per, Instant now,
                  Counts counts) {
  Room room{0, at_most > 0 ? Instant::beginning() : Instant::never(), nullptr};
  for (auto touch = touches.rbegin(); touch != touches.rend(); ++touch) {
    const Instant leaves_at = touch->intended_at + per;
    if (leaves_at <= now) break;
    if (!counts(*touch) || ++room.counted != at_most) continue;
    room.free_at = leaves_at;
    room.by = &*touch;
  }
  return room;
}

// The customer's latest contact in any flow over any channel, or null.
inline const Touch* last_contact(const std::vector<Touch>& touches) {
  for (auto touch = touches.rbegin(); touch != touches.rend(); ++touch)
    if (was_contact(*touch)) return &*touch;
  return nullptr;
}

}  // namespace relance
