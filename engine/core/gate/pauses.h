// All pauses of a node at one instant, as decisions see them. Immutable.
//
// Threads: any.
#pragma once

#include <string_view>
#include <vector>

#include "core/state/pause.h"

namespace relance {

class Pauses {
 public:
  // `revision`: rises with every change; tells one state from another.
  Pauses(std::vector<Pause> all, uint64_t revision) : all_(std::move(all)), revision_(revision) {}

  const std::vector<Pause>& all() const { return all_; }
  uint64_t revision() const { return revision_; }
  const Pause* find(uint64_t number) const;  // nullptr: it is over

  // A touch that wants to leave. Its channel by name and by kind.
  struct Wish {
    std::string_view flow, channel, channel_kind;
  };
  // The first that refuses it; nullptr: none.
  const Pause* refusing(const Wish& wish) const;
  // The first that holds it, whoever the customer is.
  const Pause* holding(const Wish& wish) const;
  // The first that holds it for customers of this segment.
  const Pause* holding(const Wish& wish, std::string_view segment) const;
  // Does it depend on the customer's segment whether it is held?
  bool asks_segment(const Wish& wish) const;

 private:
  template <class Fits>
  const Pause* first(const Wish& wish, Fits fits) const;

  const std::vector<Pause> all_;
  const uint64_t revision_;
};

}  // namespace relance
