// Figures of a node since its start: what its decisions wrote, and how late things were. For
// operators; the engine asks none of them.
//
// Threads: any. Blocks: never where a name (a channel, flow, currency) was met before; the first
// time it is written down under a lock. Units: delays in milliseconds, amounts as their names say.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "core/gate/reason.h"
#include "core/run/context.h"

namespace relance {

using Count = std::atomic<uint64_t>;

// Something for each of a few names; beyond that many all others share the last place.
template <class T>
class ByName {
 public:
  T& of(std::string_view name) {
    const size_t used = used_.load(std::memory_order_acquire);
    for (size_t i = 0; i < used; ++i)
      if (places_[i]->name == name) return places_[i]->value;
    return add(name);
  }
  template <class Visit>
  void each(Visit visit) const {
    const size_t used = used_.load(std::memory_order_acquire);
    for (size_t i = 0; i < used; ++i) visit(places_[i]->name, places_[i]->value);
  }

 private:
  static constexpr size_t kMost = 64;
  struct Place {
    std::string name;
    T value{};
  };

  T& add(std::string_view name) {
    const std::lock_guard lock(mutex_);
    const size_t used = used_.load(std::memory_order_relaxed);
    for (size_t i = 0; i < used; ++i)
      if (places_[i]->name == name || i + 1 == kMost) return places_[i]->value;
    places_[used] = std::make_unique<Place>();
    places_[used]->name = used + 1 == kMost ? "other" : std::string(name);
    used_.store(used + 1, std::memory_order_release);
    return places_[used]->value;
  }

  std::array<std::unique_ptr<Place>, kMost> places_;
  std::atomic<size_t> used_ = 0;
  std::mutex mutex_;
};

// How often something took at most so long.
class Delays {
 public:
  static constexpr std::array<int64_t, 12> kBoundsMs = {
      1, 5, 20, 100, 500, 2'000, 5000, 30000, 120000, 600000, 3600000, 86400000};
  void add(Duration delay);
  uint64_t within(size_t bound) const { return counts_[bound]; }  // the last: longer than all
  uint64_t total_ms() const { return total_ms_; }

 private:
  std::array<Count, kBoundsMs.size() + 1> counts_{};
  Count total_ms_ = 0;
};

struct ChannelFigures {
  Count intended = 0;             // touches that left or are about to
  Count done = 0, failed = 0;     // with a known outcome: "failed" as the outcome's word says
  Count unknown = 0, parked = 0;  // times that one became so
  ByName<std::atomic<int64_t>> cost_micro;  // of those done, by currency
};

class Figures {
 public:
  // What one decision wrote, applied to the customer already.
  void count(const Decision& decision, const Customer& customer);

  enum class Verdict : uint8_t { held, denied, late };
  static constexpr size_t kReasons = 64;  // room for reasons to come
  uint64_t judged(Verdict verdict, Reason reason) const {
    return judged_[static_cast<size_t>(verdict)][static_cast<size_t>(reason)];
  }
  uint64_t ended(RunEnd how) const { return ended_[static_cast<size_t>(how)]; }

  ByName<ChannelFigures> channels;
  ByName<Count> started;                         // runs, by flow
  ByName<std::atomic<int64_t>> recovered_minor;  // of runs that reached their goal, by currency
  Count runs_held = 0;
  Delays timers;      // from the instant at which a customer was due until he was worked on
  Delays slots;       // from a touch's wish to leave until its channel's lane had room
  Delays dispatches;  // from a decision that a touch leaves until the plugin had it
  Delays events;  // from an event's own time until the plugin had what it brought without a wait

 private:
  void count(const TouchJudged& record);
  void count(const TouchSettled& record, const Customer& customer);

  std::array<std::array<Count, kReasons>, 3> judged_{};
  std::array<Count, 16> ended_{};
};

}  // namespace relance
