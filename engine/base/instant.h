// Points and spans of time in the engine: int64 milliseconds, UTC. No local time here (zone.h), no
// reading of a clock (clock.h).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace relance {

struct Duration {
  int64_t ms = 0;
  auto operator<=>(const Duration&) const = default;
};

constexpr Duration milliseconds(int64_t n) { return {n}; }
constexpr Duration seconds(int64_t n) { return {n * 1000}; }
constexpr Duration minutes(int64_t n) { return {n * 60'000}; }
constexpr Duration hours(int64_t n) { return {n * 3'600'000}; }
// Always 24 h; calendar days are zone.h's business.
constexpr Duration days(int64_t n) { return {n * 86'400'000}; }

constexpr Duration operator+(Duration a, Duration b) { return {a.ms + b.ms}; }
constexpr Duration operator-(Duration a, Duration b) { return {a.ms - b.ms}; }
constexpr Duration operator*(Duration a, int64_t n) { return {a.ms * n}; }

// Milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
  int64_t ms = 0;
  auto operator<=>(const Instant&) const = default;

  static constexpr Instant never() { return {INT64_MAX}; }
  static constexpr Instant beginning() { return {INT64_MIN}; }
  constexpr bool is_never() const { return ms == INT64_MAX; }
};

// Adding to never() gives never(); sums saturate instead of overflowing.
constexpr Instant operator+(Instant at, Duration d) {
  if (at.is_never()) return at;
  int64_t sum = 0;
  if (__builtin_add_overflow(at.ms, d.ms, &sum))
    return d.ms > 0 ? Instant::never() : Instant::beginning();
  return {sum};
}
constexpr Instant operator-(Instant at, Duration d) { return at + Duration{-d.ms}; }
constexpr Duration operator-(Instant a, Instant b) { return {a.ms - b.ms}; }

// RFC 3339 with any offset ("2026-01-05T08:00:00.250+01:00"). Fails with invalid_text. A leap
// second reads as :59.
Result<Instant> parse_instant(std::string_view text);

// RFC 3339 in UTC, seconds, with milliseconds only where there are some: "2026-01-05T08:00:00Z".
// Instants before the year 0000 or after 9999 (never() among them) print as the first or last of
// that range.
std::string format_instant(Instant at);

// "2 d 3 h", "48 h", "90 s": the two largest units, for people.
std::string format_duration(Duration d);

}  // namespace relance
