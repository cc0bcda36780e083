// Instants and dates as providers write them: unix seconds and RFC 3339.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sources {

// Milliseconds since 1970 UTC, of the years 1970 to 9999.
using Instant = int64_t;

std::optional<Instant> from_unix_seconds(int64_t seconds);

// "2026-01-05T08:00:00Z", with any offset and fraction. `zone_may_lack`: without one it is UTC.
std::optional<Instant> from_rfc3339(std::string_view text, bool zone_may_lack = false);

// "2026-01-05T08:00:00Z", with milliseconds only where there are some.
std::string to_rfc3339(Instant at);

// Does it begin with a date that exists, "2026-01-05"?
bool begins_with_date(std::string_view text);

}  // namespace sources
