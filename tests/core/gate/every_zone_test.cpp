// The edges of a calling window over every zone of the machine's data, and around every change of a
// clock in 2026 and 2027. What is expected comes from the zone data alone, not from our own
// calculations with local time.
#include <date/tz.h>

#include <set>

#include "ask.h"
#include "core/gate/window.h"

using namespace relance;
using namespace relance::test;

namespace {

using Seconds = std::chrono::seconds;

const date::sys_days kFirst = date::year{2026} / 1 / 1;
const date::sys_days kEnd = date::year{2028} / 1 / 1;

const std::vector<WindowRule> kNineToNine = {window("voice", "09:00", "21:00")};

// The local days next to a change of the clock, and two ordinary ones.
std::set<date::local_days> days_of(const date::time_zone& zone) {
  std::set<date::local_days> days = {date::local_days{date::year{2026} / 1 / 15},
                                     date::local_days{date::year{2027} / 7 / 15}};
  for (date::sys_seconds at = kFirst; at < kEnd;) {
    const date::sys_info info = zone.get_info(at);
    if (info.end >= kEnd) break;
    const auto day = date::floor<date::days>(zone.to_local(info.end));
    for (int near = -1; near <= 1; ++near) days.insert(day + date::days{near});
    at = info.end;
  }
  return days;
}

bool shows_inside(const date::time_zone& zone, date::sys_seconds at) {
  const auto local = zone.to_local(at);
  const auto since_midnight = local - date::floor<date::days>(local);
  return since_midnight >= std::chrono::hours{9} && since_midnight < std::chrono::hours{21};
}

Instant instant(date::sys_seconds at) { return {at.time_since_epoch().count() * 1000}; }

struct Edges {
  const date::time_zone& data;
  ZoneGuess zones;
  int looked_at = 0;

  Instant next(date::sys_seconds from) const {
    return next_opening(instant(from), kNineToNine, "voice", Purpose::recovery, zones);
  }

  // Every instant at which the clock shows this reading on that day: one, two in a fold, none in a
  // gap.
  void look(date::local_days day, Seconds time) {
    const date::local_info info = data.get_info(date::local_seconds{day + time});
    if (info.result == date::local_info::nonexistent) return;
    look_at(date::sys_seconds{(day + time).time_since_epoch() - info.first.offset});
    if (info.result == date::local_info::ambiguous)
      look_at(date::sys_seconds{(day + time).time_since_epoch() - info.second.offset});
  }

  void look_at(date::sys_seconds at) {
    ++looked_at;
    const Instant opens = next(at);
    if (shows_inside(data, at)) {
      if (opens != instant(at)) wrong("refuses", at);
      return;
    }
    if (opens <= instant(at) || opens.is_never()) return wrong("lets go", at);
    const date::sys_seconds then{Seconds{opens.ms / 1000}};
    const bool first = !shows_inside(data, then - Seconds{1});
    if (!shows_inside(data, then) || !first || then - at > std::chrono::hours{25})
      wrong("opens wrongly after", at);
  }

  void wrong(const char* what, date::sys_seconds at) const {
    FAIL_CHECK(data.name() << ' ' << what << ' ' << format_instant(instant(at)));
  }
};

}  // namespace

TEST_CASE("before 9 and from 21 on nobody is called, in every zone, around every change of a clock",
          "[S1-44]") {
  constexpr Seconds kReadings[] = {Seconds{9 * 3600 - 1}, Seconds{9 * 3600}, Seconds{21 * 3600 - 1},
                                   Seconds{21 * 3600}};
  int zones = 0, edges = 0, changes = 0;
  for (const date::time_zone& data : date::get_tzdb().zones) {
    const auto known = Zone::find(data.name());
    REQUIRE(known);
    Edges looked{data, {{*known}, ZoneSource::profile}};
    const auto days = days_of(data);
    for (const date::local_days day : days)
      for (const Seconds reading : kReadings) looked.look(day, reading);
    ++zones;
    changes += days.size() > 2 ? 1 : 0;
    edges += looked.looked_at;
  }
  CHECK(zones > 300);
  CHECK(changes > 100);  // zones that change their clocks at all
  CHECK(edges > 5000);
}

TEST_CASE("a window that the change of a clock cuts opens and shuts as its clock shows",
          "[S1-44]") {
  // Two short windows around 02:00, where most clocks are changed.
  const std::vector<WindowRule> night = {window("voice", "01:30", "02:30")};
  for (const char* name : {"Europe/Paris", "America/New_York", "Australia/Lord_Howe",
                           "America/Santiago", "Africa/Casablanca", "Asia/Beirut"}) {
    const date::time_zone& data = *date::locate_zone(name);
    const ZoneGuess zones{{&zone(name)}, ZoneSource::profile};
    for (const date::local_days day : days_of(data)) {
      const date::sys_seconds begin{(day - date::days{1}).time_since_epoch()};
      for (auto at = begin; at < begin + std::chrono::hours{72}; at += std::chrono::minutes{10}) {
        const auto local = data.to_local(at);
        const auto time = local - date::floor<date::days>(local);
        const bool inside = time >= std::chrono::minutes{90} && time < std::chrono::minutes{150};
        const Instant opens = next_opening(instant(at), night, "voice", Purpose::service, zones);
        if ((opens == instant(at)) != inside)
          FAIL_CHECK(name << " at " << format_instant(instant(at)));
      }
    }
  }
}
