#include "sources/mapping/clock.h"

#include <chrono>
#include <cstdio>

#include "kit/local_time.h"

namespace sources {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr Instant kEnd = 253'402'300'800'000;  // 10000-01-01

// Takes ".123456" from the front of `rest` and gives its milliseconds.
std::optional<int64_t> take_fraction(std::string_view& rest) {
  if (!rest.starts_with('.')) return 0;
  rest.remove_prefix(1);
  int64_t ms = 0;
  int64_t unit = 100;
  size_t count = 0;
  while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
    ms += (rest.front() - '0') * unit;
    unit /= 10;
    ++count;
    rest.remove_prefix(1);
  }
  return count == 0 ? std::nullopt : std::optional(ms);
}

// "Z", "+01:00", "-0500": minutes east.
std::optional<int64_t> offset_of(std::string_view zone, bool may_lack) {
  if (zone.empty() && may_lack) return 0;
  if (zone == "Z" || zone == "z") return 0;
  if (zone.empty() || (zone.front() != '+' && zone.front() != '-')) return std::nullopt;
  const bool colon = zone.size() == 6 && zone[3] == ':';
  if (!colon && zone.size() != 5) return std::nullopt;
  const auto hours = kit::digits(zone, 1, 2), minutes = kit::digits(zone, colon ? 4 : 3, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const int64_t offset = *hours * 60 + *minutes;
  return zone.front() == '-' ? -offset : offset;
}

}  // namespace

std::optional<Instant> from_unix_seconds(int64_t seconds) {
  if (seconds <= 0 || seconds >= kEnd / 1000) return std::nullopt;
  return seconds * 1000;
}

bool begins_with_date(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  return kit::parse_local(std::string(text.substr(0, 10)) + "T00:00").has_value();
}

std::optional<Instant> from_rfc3339(std::string_view text, bool zone_may_lack) {
  if (text.size() < 19 || !begins_with_date(text)) return std::nullopt;
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  std::string minutes(text.substr(0, 16));
  minutes[10] = 'T';
  const auto local = kit::parse_local(minutes);
  const auto second = kit::digits(text, 17, 2);
  if (!local || text[16] != ':' || !second || *second > 60) return std::nullopt;
  std::string_view rest = text.substr(19);
  const auto fraction = take_fraction(rest);
  const auto offset = offset_of(rest, zone_may_lack);
  if (!fraction || !offset) return std::nullopt;
  const Instant at = (*local - *offset) * kMinuteMs + *second * 1000 + *fraction;
  return at > 0 && at < kEnd ? std::optional(at) : std::nullopt;
}

std::string to_rfc3339(Instant at) {
  const int64_t minute = at / kMinuteMs;
  const auto date = kit::date_of(kit::day_of(minute));
  const int of_day = kit::minute_of_day(minute);
  const auto second = static_cast<int>(at % kMinuteMs / 1000);
  const auto ms = static_cast<int>(at % 1000);
  char out[48];
  int length = std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d",
                             static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                             static_cast<unsigned>(date.day()), of_day / 60, of_day % 60, second);
  if (ms != 0) length += std::snprintf(out + length, sizeof out - length, ".%03d", ms);
  return std::string(out, static_cast<size_t>(length)) + "Z";
}

}  // namespace sources
