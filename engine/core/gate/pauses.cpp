#include "core/gate/pauses.h"

#include <algorithm>

namespace relance {

const Pause* Pauses::find(uint64_t number) const {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [&](const Pause& one) { return one.number == number; });
  return found == all_.end() ? nullptr : &*found;
}

template <class Fits>
const Pause* Pauses::first(const Wish& wish, Fits fits) const {
  for (const Pause& one : all_)
    if (one.stands() && fits(one) && one.concerns(wish.flow, wish.channel, wish.channel_kind))
      return &one;
  return nullptr;
}

const Pause* Pauses::refusing(const Wish& wish) const {
  return first(wish, [](const Pause& one) { return one.off; });
}

const Pause* Pauses::holding(const Wish& wish) const {
  return first(wish, [](const Pause& one) { return !one.off && one.segment.empty(); });
}

const Pause* Pauses::holding(const Wish& wish, std::string_view segment) const {
  return first(wish, [&](const Pause& one) {
    return !one.off && !one.segment.empty() && one.segment == segment;
  });
}

bool Pauses::asks_segment(const Wish& wish) const {
  return first(wish, [](const Pause& one) { return !one.off && !one.segment.empty(); }) != nullptr;
}

}  // namespace relance
