#include "schedule.h"

#include <algorithm>
#include <string>

#include "tables.h"

namespace smart_retry {
namespace {

int64_t row(const auto& hours, int try_no) {
  const auto last = static_cast<int>(hours.size()) - 1;
  return hours[static_cast<size_t>(std::clamp(try_no - 1, 0, last))] * kit::kHour;
}

LocalMinutes in_the_morning(int64_t day, double spread) {
  return day * kit::kDay + kPaydayFrom + static_cast<int>(spread * (kPaydayTo - kPaydayFrom));
}

// That day's morning, or the next one where it would be sooner than `earliest`.
LocalMinutes morning_not_before(LocalMinutes earliest, double spread) {
  const LocalMinutes same_day = in_the_morning(kit::day_of(earliest), spread);
  return same_day >= earliest ? same_day : same_day + kit::kDay;
}

bool is_payday(int64_t day) {
  using namespace std::chrono;
  const year_month_day date = kit::date_of(day);
  if (date.day() == std::chrono::day{1} || date.day() == std::chrono::day{15}) return true;
  if (kit::weekday_of(day) == Friday) return true;
  const sys_days month_end = date.year() / date.month() / std::chrono::last;
  int64_t last = month_end.time_since_epoch().count();
  while (kit::weekday_of(last) == Saturday || kit::weekday_of(last) == Sunday) --last;
  return day == last;
}

bool in_force(const Ceiling& ceiling, const Decline& decline, std::string_view today) {
  return ceiling.effective_from <= today &&
         (ceiling.network.empty() || ceiling.network == decline.network) &&
         (ceiling.country.empty() || ceiling.country == decline.country);
}

// A later row for the same network, country and window has replaced this one.
bool replaced(const Ceiling& ceiling, std::string_view today) {
  return std::any_of(kCeilings.begin(), kCeilings.end(), [&](const Ceiling& other) {
    return other.network == ceiling.network && other.country == ceiling.country &&
           other.hours == ceiling.hours && other.effective_from > ceiling.effective_from &&
           other.effective_from <= today;
  });
}

}  // namespace

Moment wish(const Verdict& verdict, int try_no, LocalMinutes now, LocalMinutes last,
            double spread) {
  const LocalMinutes gap = std::max(now, last + kLeastGapHours * kit::kHour);
  switch (verdict.kind) {
    case Kind::technical:
      if (try_no <= static_cast<int>(kTechnicalHours.size())) {
        const LocalMinutes wait = row(kTechnicalHours, try_no);
        return {wait == 0 ? now : std::max(now, last + wait), verdict.reason};
      }
      return {morning_not_before(std::max(gap, last + row(kVagueHours, 1)), spread), "spaced"};
    case Kind::funds: {
      const LocalMinutes latest = std::max(now, last) + row(kFundsHours, try_no);
      const LocalMinutes payday = in_the_morning(next_payday(now), spread);
      if (try_no == 1 && payday >= gap && payday <= latest) return {payday, "next_payday"};
      return {morning_not_before(latest, spread), "waited_for_funds"};
    }
    case Kind::limit:
      return {morning_not_before(std::max(gap, last + row(kLimitHours, try_no)), spread),
              verdict.reason};
    case Kind::issuer:
      return {morning_not_before(std::max(gap, last + row(kIssuerHours, try_no)), spread),
              verdict.reason};
    default:
      return {morning_not_before(std::max(gap, last + row(kVagueHours, try_no)), spread),
              verdict.reason};
  }
}

int64_t next_payday(LocalMinutes now) {
  int64_t day = kit::day_of(now) + 1;
  while (!is_payday(day)) ++day;
  return day;
}

LocalMinutes advised_wait(std::string_view advice) {
  for (const AdvisedWait& wait : kAdvisedWaits) {
    if (wait.advice == advice) return wait.hours * kit::kHour;
  }
  return 0;
}

LocalMinutes under_ceilings(LocalMinutes at, LocalMinutes now, const Decline& decline,
                            const std::vector<LocalMinutes>& attempts) {
  const std::string today = kit::format_local(now).substr(0, 10);
  for (bool moved = true; moved;) {
    moved = false;
    for (const Ceiling& ceiling : kCeilings) {
      if (!in_force(ceiling, decline, today) || replaced(ceiling, today)) continue;
      const auto most = static_cast<size_t>(ceiling.attempts - ceiling.margin);
      if (attempts.size() < most) continue;
      // With `most` attempts behind it, one more is in order once the oldest of those has left.
      const LocalMinutes free_at = attempts[attempts.size() - most] + ceiling.hours * kit::kHour;
      if (free_at > at) at = free_at, moved = true;
    }
  }
  return at;
}

}  // namespace smart_retry
