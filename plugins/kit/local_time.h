// Local times as policies see them: "2026-01-05T09:00" on the customer's clock, without zone;
// counted in minutes.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace kit {

// Minutes since 1970-01-01T00:00 on that clock.
using LocalMinutes = int64_t;

constexpr LocalMinutes kHour = 60, kDay = 24 * kHour;

inline std::optional<int> digits(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  const char* end = text.data() + at + count;
  const auto [stop, error] = std::from_chars(text.data() + at, end, value);
  if (error != std::errc{} || stop != end || value < 0) return std::nullopt;
  return value;
}

// "09:30" as minutes of the day; "24:00" is the end of one.
inline std::optional<int> parse_clock(std::string_view text) {
  const auto hour = digits(text, 0, 2), minute = digits(text, 3, 2);
  if (text.size() < 5 || text[2] != ':' || !hour || !minute || *minute > 59) return std::nullopt;
  const int of_day = *hour * 60 + *minute;
  return of_day <= 24 * 60 ? std::optional(of_day) : std::nullopt;
}

// The first 16 characters count: seconds, fractions and a final Z are let pass.
inline std::optional<LocalMinutes> parse_local(std::string_view text) {
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (text.size() < 16 || !year || !month || !day || text[10] != 'T') return std::nullopt;
  const auto clock = parse_clock(text.substr(11, 5));
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!clock || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count() * kDay + *clock;
}

inline int64_t day_of(LocalMinutes at) { return at >= 0 ? at / kDay : -((-at + kDay - 1) / kDay); }
inline int minute_of_day(LocalMinutes at) { return static_cast<int>(at - day_of(at) * kDay); }
inline std::chrono::year_month_day date_of(int64_t day) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{day}}};
}
inline std::chrono::weekday weekday_of(int64_t day) {
  return std::chrono::weekday{std::chrono::sys_days{std::chrono::days{day}}};
}

inline std::string format_local(LocalMinutes at) {
  const auto date = date_of(day_of(at));
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                minute_of_day(at) / 60, minute_of_day(at) % 60);
  return out;
}

// RFC 3339, UTC, with milliseconds: "2026-01-05T08:00:00.000Z".
inline std::string format_instant(int64_t at) {
  const int64_t rest = at % 60000;
  char seconds[16];
  std::snprintf(seconds, sizeof seconds, ":%02d.%03dZ", static_cast<int>(rest / 1000),
                static_cast<int>(rest % 1000));
  return format_local(at / 60000) + seconds;
}

}  // namespace kit
