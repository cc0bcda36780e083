// Dates as mail, HTTP and several providers write them.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace kit {

// An instant from "Mon, 05 Jan 2026 10:00:00 +0000" (RFC 5322) or "... GMT" (RFC 9110); nullopt: it
// is none. The name of the day is not looked at.
inline std::optional<int64_t> parse_date(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  char month[4] = {}, sign[2] = {};
  int day = 0, year = 0, hour = 0, minute = 0, second = 0, zone = 0;
  const size_t comma = text.find(',');
  const std::string rest(comma == std::string_view::npos ? text : text.substr(comma + 1));
  if (std::sscanf(rest.c_str(), " %2d %3s %4d %2d:%2d:%2d %1[+-]%4d", &day, month, &year, &hour,
                  &minute, &second, sign, &zone) < 6) {
    return std::nullopt;
  }
  const size_t at = kMonths.find(month);
  if (at == std::string_view::npos || at % 3 != 0 || std::string_view(month).size() != 3)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(at / 3 + 1)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  const int64_t offset = (zone / 100 * 60 + zone % 100) * (sign[0] == '-' ? -60 : 60);
  return (((days * 24 + hour) * 60 + minute) * 60 + second - offset) * 1000;
}

}  // namespace kit
