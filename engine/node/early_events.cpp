#include "node/early_events.h"

namespace relance {

bool EarlyEvents::has_room() const { return events_ < kMostEvents && bytes_ < kMostBytes; }

void EarlyEvents::note(const SeekTouch& sought) {
  const std::lock_guard lock(mutex_);
  SeekTouch& known = by_reference_[sought.reference];
  events_ += sought.events - known.events;
  bytes_ += sought.bytes - known.bytes;
  known = sought;
  if (known.events == 0) by_reference_.erase(sought.reference);
}

std::optional<Key> EarlyEvents::waits_for(uint64_t reference) const {
  if (events_ == 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto known = by_reference_.find(reference);
  if (known == by_reference_.end()) return std::nullopt;
  return known->second.customer;
}

}  // namespace relance
