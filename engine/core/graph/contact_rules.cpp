#include "core/graph/contact_rules.h"

#include <algorithm>

namespace relance {

const MarkerRule* Exclusions::marker(std::string_view name) const {
  const auto found = std::find_if(markers.begin(), markers.end(),
                                  [&](const MarkerRule& each) { return each.name == name; });
  return found == markers.end() ? nullptr : &*found;
}

int ContactRules::priority_of(std::string_view flow) const {
  return static_cast<int>(std::find(priority.begin(), priority.end(), flow) - priority.begin());
}

Duration ContactRules::longest_look_back() const {
  Duration longest = gap.value_or(Duration{});
  for (const CapRule& cap : caps) longest = std::max(longest, cap.per);
  for (const CapRule& cap : exclusions.max) longest = std::max(longest, cap.per);
  for (const MutexRule& mutex : exclusions.mutex) longest = std::max(longest, mutex.within);
  return longest;
}

}  // namespace relance
