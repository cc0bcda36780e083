#include "core/gate/quiet_days.h"

#include <algorithm>

#include "core/gate/holidays.h"

namespace relance {
namespace {

constexpr int kMostDays = 31;

bool is_quiet(const QuietDayRule& rule, Date day) {
  if (std::binary_search(rule.dates.begin(), rule.dates.end(), day)) return true;
  return !rule.holidays.empty() && !holiday_at(rule.holidays, day).empty();
}

bool any_quiet(std::span<const QuietDayRule> rules, std::string_view kind, Purpose purpose,
               Date day) {
  return std::any_of(rules.begin(), rules.end(), [&](const QuietDayRule& rule) {
    return rule.scope.covers(kind, purpose) && is_quiet(rule, day);
  });
}

}  // namespace

Instant after_quiet_days(Instant from, std::span<const QuietDayRule> rules,
                         std::string_view channel_kind, Purpose purpose, const ZoneGuess& zones) {
  if (rules.empty()) return from;
  const Instant last = from + days(kMostDays);
  for (bool moved = true; moved && from <= last;) {
    moved = false;
    for (const Zone* zone : zones.candidates) {
      const Date day = zone->local(from).date;
      if (!any_quiet(rules, channel_kind, purpose, day)) continue;
      from = zone->instant({day.days + 1}, TimeOfDay{0});
      moved = true;
    }
  }
  return from <= last ? from : Instant::never();
}

std::string quiet_day_name(std::span<const QuietDayRule> rules, std::string_view channel_kind,
                           Purpose purpose, Date day) {
  for (const QuietDayRule& rule : rules) {
    if (!rule.scope.covers(channel_kind, purpose) || !is_quiet(rule, day)) continue;
    const std::string_view holiday =
        rule.holidays.empty() ? std::string_view() : holiday_at(rule.holidays, day);
    if (holiday.empty()) return format_date(day);
    return std::string(holiday) + " (" + rule.holidays + ")";
  }
  return {};
}

}  // namespace relance
