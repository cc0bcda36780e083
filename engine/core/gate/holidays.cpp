#include "core/gate/holidays.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <set>

namespace relance {
namespace {

struct Row {
  std::string_view place, when, name;
  int since;
};

constexpr std::array kRows = std::to_array<Row>({
#include "core/gate/holidays.inc"
});

constexpr std::array<std::string_view, 7> kWeekdays = {"mon", "tue", "wed", "thu",
                                                       "fri", "sat", "sun"};

int number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::chrono::sys_days day_of(Date date) {
  return std::chrono::sys_days{std::chrono::days{date.days}};
}

// Easter Sunday by the anonymous Gregorian algorithm (Meeus/Jones/Butcher).
std::chrono::sys_days easter(int year) {
  const int a = year % 19;
  const int b = year / 100;
  const int c = year % 100;
  const int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
  const int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
  return std::chrono::year{year} / (f / 31) / (f % 31 + 1);
}

// "mon3/01", "mon-1/05".
bool is_weekday_of_month(std::string_view when, const std::chrono::year_month_day& day) {
  const auto named = std::find(kWeekdays.begin(), kWeekdays.end(), when.substr(0, 3));
  const std::chrono::weekday weekday{static_cast<unsigned>(named - kWeekdays.begin() + 1) % 7};
  const size_t slash = when.find('/');
  const int nth = number(when.substr(3, slash - 3));
  if (static_cast<unsigned>(number(when.substr(slash + 1))) != static_cast<unsigned>(day.month()))
    return false;
  const std::chrono::sys_days at = day;
  if (nth < 0)
    return at == std::chrono::sys_days{day.year() / day.month() / weekday[std::chrono::last]};
  return at ==
         std::chrono::sys_days{day.year() / day.month() / weekday[static_cast<unsigned>(nth)]};
}

bool falls_on(std::string_view when, Date date) {
  const std::chrono::year_month_day day{day_of(date)};
  if (when.starts_with("easter"))
    return easter(static_cast<int>(day.year())) + std::chrono::days{number(when.substr(6))} ==
           day_of(date);
  if (when.find('/') != std::string_view::npos) return is_weekday_of_month(when, day);
  return static_cast<unsigned>(number(when.substr(0, 2))) == static_cast<unsigned>(day.month()) &&
         static_cast<unsigned>(number(when.substr(3))) == static_cast<unsigned>(day.day());
}

std::string_view country_of(std::string_view place) { return place.substr(0, place.find('-')); }

}  // namespace

std::string_view holiday_at(std::string_view place, Date date) {
  const int year = static_cast<int>(std::chrono::year_month_day{day_of(date)}.year());
  for (const Row& row : kRows) {
    if (row.place != place && row.place != country_of(place)) continue;
    if (year >= row.since && falls_on(row.when, date)) return row.name;
  }
  return {};
}

bool knows_holidays_of(std::string_view place) {
  return std::any_of(kRows.begin(), kRows.end(), [&](const Row& row) {
    return row.place == place || row.place == country_of(place);
  });
}

std::vector<std::string> holiday_places() {
  std::set<std::string> places;
  for (const Row& row : kRows) places.emplace(row.place);
  return {places.begin(), places.end()};
}

}  // namespace relance
