// Replies over the host's HTTP: headers, Retry-After.
#pragma once

#include <relance/host.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "kit/text.h"

namespace kit {

// Of the first header with this name (in lower case); empty where there is none.
inline std::string_view header(const rl_reply& reply, std::string_view name) {
  for (size_t i = 0; i < reply.headers_count; ++i) {
    if (view(reply.headers[i].name) == name) return view(reply.headers[i].value);
  }
  return {};
}

// An instant from "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110); 0: it is none.
inline int64_t http_date(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  char month[4] = {};
  int day = 0, year = 0, hour = 0, minute = 0, second = 0;
  const std::string line(text);
  if (std::sscanf(line.c_str(), "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day, month, &year, &hour,
                  &minute, &second) != 6) {
    return 0;
  }
  const size_t at = kMonths.find(month);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(at / 3 + 1)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (at % 3 != 0 || !date.ok()) return 0;
  const int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

// The instant until which the provider asks to wait, in seconds or as a date; `fallback` where it
// does not say. Who asks for more than a week did not mean it.
inline int64_t retry_after(const rl_reply& reply, int64_t now, int64_t fallback) {
  constexpr int64_t kMostSeconds = 7 * 86400;
  const std::string_view text = header(reply, "retry-after");
  const char* const end = text.data() + text.size();
  int64_t seconds = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (!text.empty() && error == std::errc{} && stop == end && seconds >= 0) {
    return now + std::min(seconds, kMostSeconds) * 1000;
  }
  const int64_t date = http_date(text);
  return date == 0 ? fallback : std::clamp(date, now, now + kMostSeconds * 1000);
}

}  // namespace kit
