#include "core/graph/contact_rules.h"

#include <algorithm>

namespace relance {

int ContactRules::priority_of(std::string_view flow) const {
  return static_cast<int>(std::find(priority.begin(), priority.end(), flow) - priority.begin());
}

Duration ContactRules::longest_look_back() const {
  Duration longest = gap.value_or(Duration{});
  for (const CapRule& cap : caps) longest = std::max(longest, cap.per);
  return longest;
}

}  // namespace relance
