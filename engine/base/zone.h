// Local time: IANA zones from the system's tzdata (Howard Hinnant's date library).
//
// Threads: all functions may be called from any thread; a Zone is immutable and lives for ever.
// Daylight saving: a local time in a gap means the first instant after the gap; one in a fold means
// its first occurrence. Instants outside the years 0000 to 9999 count as the nearest end. The
// system's tables end with 2037; later years keep standard time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace relance {

// Minutes since local midnight, 0..1440 (1440 = the end of the day, for windows that end at
// "24:00").
struct TimeOfDay {
  int32_t minutes = 0;
  auto operator<=>(const TimeOfDay&) const = default;
};

struct Date {
  int32_t days = 0;  // since 1970-01-01, proleptic Gregorian
  auto operator<=>(const Date&) const = default;
};

struct Local {
  Date date;
  int32_t second_of_day = 0;  // 0..86399
  int weekday = 1;            // ISO: Monday 1 .. Sunday 7
};

class Zone {
 public:
  // "Europe/Paris". Fails with unknown_zone; the hint names a close one. Results are cached.
  static Result<const Zone*> find(std::string_view name);
  static const Zone& utc();

  std::string_view name() const;
  Local local(Instant at) const;
  // Gap: first instant after it; fold: the first.
  Instant instant(Date date, TimeOfDay time) const;
  Instant instant(Date date, int32_t second_of_day) const;
  // The first instant at or after `from` at which the local clock shows `time`; on a day whose gap
  // swallows it, the first instant after the gap. 24:00 and 00:00 are the same.
  Instant next(Instant from, TimeOfDay time) const;

 private:
  friend class ZoneTable;
  explicit Zone(const void* impl) : impl_(impl) {}
  const void* impl_;
};

// The version of the system's zone data, such as "2025b", or "unknown".
std::string zone_data_version();

Result<TimeOfDay> parse_time_of_day(std::string_view text);  // "09:00" .. "24:00"
std::string format_time_of_day(TimeOfDay time);
Result<Date> parse_date(std::string_view text);  // "2026-01-05"
std::string format_date(Date date);

}  // namespace relance
