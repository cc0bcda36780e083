#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/digits.h"
#include "base/zone.h"

namespace relance {

Result<TimeOfDay> parse_time_of_day(std::string_view text) {
  const int hour = read_digits(text, 0, 2);
  const int minute = read_digits(text, 3, 2);
  const int total = hour * 60 + minute;
  const bool shaped =
      text.size() == 5 && text[2] == ':' && hour >= 0 && minute >= 0 && minute <= 59;
  if (!shaped || total > 1440) {
    return Error{Code::invalid_text,
                 "'" + std::string(text) + "' is not a time of day",
                 {},
                 "write it as HH:MM, from 00:00 to 24:00"};
  }
  return TimeOfDay{total};
}

std::string format_time_of_day(TimeOfDay time) {
  return fmt::format("{:02}:{:02}", time.minutes / 60, time.minutes % 60);
}

Result<Date> parse_date(std::string_view text) {
  using namespace std::chrono;
  const int y = read_digits(text, 0, 4);
  const int m = read_digits(text, 5, 2);
  const int d = read_digits(text, 8, 2);
  const bool shaped =
      text.size() == 10 && text[4] == '-' && text[7] == '-' && y >= 0 && m >= 0 && d >= 0;
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)},
                            day{static_cast<unsigned>(d)}};
  if (!shaped || !date.ok()) {
    return Error{Code::invalid_text,
                 "'" + std::string(text) + "' is not a date",
                 {},
                 "write it as YYYY-MM-DD"};
  }
  return Date{static_cast<int32_t>(sys_days{date}.time_since_epoch().count())};
}

std::string format_date(Date date) {
  using namespace std::chrono;
  constexpr int32_t kFirst = -719'528;  // 0000-01-01
  constexpr int32_t kLast = 2'932'896;  // 9999-12-31
  const year_month_day ymd{sys_days{std::chrono::days{std::clamp(date.days, kFirst, kLast)}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
}

}  // namespace relance
