#include "base/instant.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/digits.h"
#include "base/zone.h"

namespace relance {
namespace {

constexpr int64_t kDayMs = days(1).ms;
// RFC 3339 has four digits for the year; what lies outside prints as the nearest end.
constexpr int64_t kFirstPrintable = -62'167'219'200'000;  // 0000-01-01T00:00:00Z
constexpr int64_t kLastPrintable = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z

Error not_an_instant(std::string_view text) {
  return {Code::invalid_text,
          "'" + std::string(text) + "' is not an instant",
          {},
          "write RFC 3339 with an offset, such as 2026-01-05T08:00:00Z"};
}

// Milliseconds of ".250", further digits cut off; moves `at` behind the fraction. -1 when there is
// a point without digits.
int read_fraction(std::string_view text, size_t& at) {
  if (at >= text.size() || text[at] != '.') return 0;
  int ms = 0;
  int weight = 100;
  const size_t first = ++at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    ms += weight * (text[at] - '0');
    weight /= 10;
  }
  return at == first ? -1 : ms;
}

// Minutes east of Greenwich for "Z" or "+01:00"; false when `text` is neither.
bool read_offset(std::string_view text, int& offset_minutes) {
  if (text == "Z" || text == "z") {
    offset_minutes = 0;
    return true;
  }
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
  const int hour = read_digits(text, 1, 2);
  const int minute = read_digits(text, 4, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
  offset_minutes = (text[0] == '-' ? -1 : 1) * (hour * 60 + minute);
  return true;
}

}  // namespace

Result<Instant> parse_instant(std::string_view text) {
  constexpr size_t kTimeAt = 11;
  constexpr size_t kFractionAt = 19;
  if (text.size() <= kFractionAt || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
      text[16] != ':') {
    return not_an_instant(text);
  }
  const Result<Date> date = parse_date(text.substr(0, 10));
  const int hour = read_digits(text, kTimeAt, 2);
  const int minute = read_digits(text, kTimeAt + 3, 2);
  const int second = read_digits(text, kTimeAt + 6, 2);
  if (!date || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return not_an_instant(text);
  }
  size_t at = kFractionAt;
  const int ms = read_fraction(text, at);
  int offset_minutes = 0;
  if (ms < 0 || !read_offset(text.substr(at), offset_minutes)) return not_an_instant(text);

  const Duration of_day =
      hours(hour) + minutes(minute - offset_minutes) + seconds(std::min(second, 59));
  return Instant{date->days * kDayMs + of_day.ms + ms};
}

std::string format_instant(Instant at) {
  using namespace std::chrono;
  const sys_time<std::chrono::milliseconds> time{
      std::chrono::milliseconds{std::clamp(at.ms, kFirstPrintable, kLastPrintable)}};
  const auto day = floor<std::chrono::days>(time);
  const year_month_day date{day};
  const hh_mm_ss of_day{time - day};
  std::string out;
  out.reserve(24);
  put_digits(out, static_cast<int>(date.year()), 4, "-");
  put_digits(out, static_cast<unsigned>(date.month()), 2, "-");
  put_digits(out, static_cast<unsigned>(date.day()), 2, "T");
  put_digits(out, of_day.hours().count(), 2, ":");
  put_digits(out, of_day.minutes().count(), 2, ":");
  const auto milliseconds = of_day.subseconds().count();
  put_digits(out, of_day.seconds().count(), 2, milliseconds == 0 ? "Z" : ".");
  if (milliseconds != 0) put_digits(out, milliseconds, 3, "Z");
  return out;
}

// A span that is a whole number of some unit is told in that unit up to two of the next larger one,
// as people say "48 h" and "90 s"; any other in the two largest units.
std::string format_duration(Duration d) {
  struct TimeUnit {
    uint64_t ms;
    uint64_t alone_up_to;
    std::string_view name;
  };
  static constexpr std::array<TimeUnit, 5> kUnits = {{{86'400'000, UINT64_MAX, "d"},
                                                      {3'600'000, 48, "h"},
                                                      {60'000, 120, "min"},
                                                      {1000, 120, "s"},
                                                      {1, 2000, "ms"}}};
  const uint64_t span = d.ms < 0 ? 0 - static_cast<uint64_t>(d.ms) : static_cast<uint64_t>(d.ms);
  const std::string sign = d.ms < 0 ? "-" : "";
  if (span == 0) return "0 s";
  for (const TimeUnit& unit : kUnits) {
    const uint64_t count = span / unit.ms;
    const bool in_hours = unit.name == "d" && count <= 2;
    if (span % unit.ms == 0 && count <= unit.alone_up_to && !in_hours) {
      return fmt::format("{}{} {}", sign, count, unit.name);
    }
  }
  size_t largest = 0;
  while (span < kUnits[largest].ms) ++largest;
  const TimeUnit& major = kUnits[largest];
  const TimeUnit& minor = kUnits[largest + 1];  // a span below one second was told in ms above
  const uint64_t rest = span % major.ms / minor.ms;
  if (rest == 0) return fmt::format("{}{} {}", sign, span / major.ms, major.name);
  return fmt::format("{}{} {} {} {}", sign, span / major.ms, major.name, rest, minor.name);
}

}  // namespace relance
