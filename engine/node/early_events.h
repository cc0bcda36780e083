// Which actors have events that wait for a touch (core/customer/early_event.h), by the provider's
// id that they wait for; and how much that is in all, because it is bounded.
//
// Everything here follows from what is in the store: after a start it is told again.
// Threads: any.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>

#include "core/run/effect.h"

namespace relance {

class EarlyEvents {
 public:
  // What a flood of foreign webhooks may cost: in number, and in memory, where it stays. What is
  // on its way in at this moment comes on top.
  static constexpr size_t kMostEvents = 10'000, kMostBytes = 32u << 20;

  bool has_room() const;
  void note(const SeekTouch& sought);
  // Who waits for a touch with this id. Costs one look at a counter where nobody waits at all.
  std::optional<Key> waits_for(uint64_t reference) const;
  size_t events() const { return events_; }

 private:
  mutable std::mutex mutex_;
  std::map<uint64_t, SeekTouch> by_reference_;
  std::atomic<size_t> events_ = 0, bytes_ = 0;
};

}  // namespace relance
