#include "core/graph/contact_rules.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace relance {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"mon", "tue", "wed", "thu",
                                                       "fri", "sat", "sun"};

int weekday(std::string_view name) {
  const auto found = std::find(kWeekdays.begin(), kWeekdays.end(), name);
  return found == kWeekdays.end() ? -1 : static_cast<int>(found - kWeekdays.begin());
}

}  // namespace

uint8_t parse_weekdays(std::string_view text) {
  unsigned days = 0;
  for (std::string_view part : split(text, ',')) {
    const size_t dash = part.find('-');
    const int first = weekday(part.substr(0, dash));
    const int last = dash == std::string_view::npos ? first : weekday(part.substr(dash + 1));
    if (first < 0 || last < 0) return 0;
    for (int day = first;; day = (day + 1) % 7) {
      days |= 1u << day;
      if (day == last) break;
    }
  }
  return static_cast<uint8_t>(days);
}

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
  if (opening) longest = std::max(longest, opening->apart);
  return std::max(longest, packs_look_back);
}

}  // namespace relance
