#include "node/slot_keeper.h"

#include <algorithm>

#include "base/crash_point.h"

namespace relance {

bool SlotKeeper::take(const Want& want) {
  if (!lanes_.take(want)) return false;
  taken_.push_back(want.channel);
  return true;
}

void SlotKeeper::granted(const std::string& channel) { taken_.push_back(channel); }

// A repeat and a side message leave without asking; they count all the same, so that fresh touches
// wait for them.
void SlotKeeper::sent(const Send& send) {
  if (send.touch.what == TouchWhat::operation || held_.contains(send.touch.key)) return;
  const std::string& channel = send.touch.channel;
  const auto taken = std::find(taken_.begin(), taken_.end(), channel);
  if (send.slot && taken != taken_.end())
    taken_.erase(taken);
  else
    lanes_.occupy(channel);
  held_[send.touch.key] = channel;
  crash_point(CrashPoint::slot_taken);
}

void SlotKeeper::decided() {
  for (const std::string& channel : taken_) lanes_.give_back(channel);
  taken_.clear();
}

void SlotKeeper::answered(const Key& touch) {
  const auto it = held_.find(touch);
  if (it == held_.end()) return;
  lanes_.give_back(it->second);
  held_.erase(it);
  crash_point(CrashPoint::slot_given_back);
}

}  // namespace relance
