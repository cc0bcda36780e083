// Zones are found once and never freed, so a Zone may be kept by anybody. What the date library
// throws ends here.
//
// The offset of a zone changes a few times a year at most, so each thread remembers the spell
// between two changes it used last: both directions are then a comparison and a sum.
#include "base/zone.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "base/text.h"

namespace relance {
namespace {

constexpr int64_t kDaySeconds = 86'400;
// Years 0000 to 9999: far beyond what any flow means, and inside what the date library can count.
constexpr int64_t kFirstSecond = -62'167'219'200;
constexpr int64_t kLastSecond = 253'402'300'799;

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// What a Zone points at. `tz` is null for UTC, which works without any zone data on the machine.
struct ZoneData {
  std::string name;
  const date::time_zone* tz = nullptr;
};

const ZoneData& data_of(const void* impl) { return *static_cast<const ZoneData*>(impl); }

// The seconds [begin, end) of UTC during which a zone keeps one offset.
struct Spell {
  const date::time_zone* tz = nullptr;
  int64_t begin = 0;
  int64_t end = 0;
  int64_t offset = 0;
};

const Spell& spell_at(const date::time_zone* tz, int64_t second) {
  static thread_local std::array<Spell, 16> spells;
  Spell& spell = spells[reinterpret_cast<uintptr_t>(tz) / sizeof(date::time_zone) % spells.size()];
  if (spell.tz != tz || second < spell.begin || second >= spell.end) {
    const date::sys_info info = tz->get_info(date::sys_seconds{std::chrono::seconds{second}});
    spell = {tz, info.begin.time_since_epoch().count(), info.end.time_since_epoch().count(),
             info.offset.count()};
  }
  return spell;
}

// The instants at which a local clock shows one reading: none in a gap (then `after_gap`), two in a
// fold.
struct Readings {
  int count = 0;
  int64_t first = 0;
  int64_t second = 0;
  int64_t after_gap = 0;
};

Readings readings_of(const ZoneData& zone, int64_t local_second) {
  if (zone.tz == nullptr) return {1, local_second, 0, 0};
  // Far from both ends of a spell a reading is not ambiguous: no clock was ever changed by two
  // days.
  const Spell& spell = spell_at(zone.tz, local_second);
  const int64_t guess = local_second - spell.offset;
  if (guess - 2 * kDaySeconds > spell.begin && guess + 2 * kDaySeconds < spell.end) {
    return {1, guess, 0, 0};
  }
  const date::local_info info =
      zone.tz->get_info(date::local_seconds{std::chrono::seconds{local_second}});
  const int64_t first = local_second - info.first.offset.count();
  switch (info.result) {
    case date::local_info::nonexistent:
      return {0, 0, 0, info.second.begin.time_since_epoch().count()};
    case date::local_info::ambiguous:
      return {2, first, local_second - info.second.offset.count(), 0};
    default: return {1, first, 0, 0};
  }
}

int64_t first_reading(const Readings& readings) {
  return readings.count == 0 ? readings.after_gap : readings.first;
}

int64_t clamped_local_second(Date date, int32_t second_of_day) {
  return std::clamp(date.days * kDaySeconds + second_of_day, kFirstSecond, kLastSecond);
}

}  // namespace

// The zones found so far. Lookups of known names share a lock; the first of each name goes to the
// date library.
class ZoneTable {
 public:
  static ZoneTable& get() {
    static ZoneTable* table = new ZoneTable;  // never destroyed: Zones outlive everything
    return *table;
  }

  const Zone& utc() const { return utc_->zone; }

  Result<const Zone*> find(std::string_view name) {
    {
      std::shared_lock lock(mutex_);
      if (auto found = zones_.find(name); found != zones_.end()) return &found->second->zone;
    }
    const date::time_zone* tz = nullptr;
    try {
      tz = date::locate_zone(name);
    } catch (const std::exception&) {
      return Error{
          Code::unknown_zone, "zone '" + std::string(name) + "' is not known", {}, hint(name)};
    }
    std::unique_lock lock(mutex_);
    auto [at, added] = zones_.try_emplace(std::string(name), nullptr);
    if (added) at->second = std::make_unique<Entry>(std::string(name), tz);
    return &at->second->zone;
  }

 private:
  struct Entry {
    Entry(std::string name, const date::time_zone* tz) : data{std::move(name), tz}, zone(&data) {}
    ZoneData data;
    Zone zone;
  };

  ZoneTable() {
    auto utc = std::make_unique<Entry>("UTC", nullptr);
    utc_ = utc.get();
    zones_.emplace("UTC", std::move(utc));
  }

  static std::string hint(std::string_view name) {
    std::vector<std::string> names;
    try {
      for (const date::time_zone& zone : date::get_tzdb().zones) names.push_back(zone.name());
    } catch (const std::exception&) {
      return "this machine has no zone data; install tzdata";
    }
    const std::string suggestion = did_you_mean(name, names);
    return suggestion.empty() ? "write an IANA name, such as Europe/Paris" : suggestion;
  }

  std::shared_mutex mutex_;
  std::map<std::string, std::unique_ptr<Entry>, std::less<>> zones_;
  const Entry* utc_ = nullptr;
};

Result<const Zone*> Zone::find(std::string_view name) { return ZoneTable::get().find(name); }

const Zone& Zone::utc() { return ZoneTable::get().utc(); }

std::string_view Zone::name() const { return data_of(impl_).name; }

Local Zone::local(Instant at) const {
  const ZoneData& zone = data_of(impl_);
  int64_t second = std::clamp(floor_div(at.ms, 1000), kFirstSecond, kLastSecond);
  if (zone.tz != nullptr) second += spell_at(zone.tz, second).offset;
  const int64_t day = floor_div(second, kDaySeconds);
  const int64_t since_monday = (day + 3) % 7;  // 1970-01-01 was a Thursday
  return {{static_cast<int32_t>(day)},
          static_cast<int32_t>(second - day * kDaySeconds),
          static_cast<int>((since_monday + 7) % 7) + 1};
}

Instant Zone::instant(Date date, TimeOfDay time) const { return instant(date, time.minutes * 60); }

Instant Zone::instant(Date date, int32_t second_of_day) const {
  const int64_t local_second = clamped_local_second(date, second_of_day);
  return {first_reading(readings_of(data_of(impl_), local_second)) * 1000};
}

Instant Zone::next(Instant from, TimeOfDay time) const {
  if (from.is_never()) return from;
  const int32_t second_of_day = time.minutes % 1440 * 60;  // 24:00 is 00:00 of the next day
  const int32_t today = local(from).date.days;
  // Yesterday, because a clock set back across midnight shows the evening again; two days on,
  // because zones that crossed the date line have left out a day.
  for (int32_t day = today - 1; day <= today + 2; ++day) {
    const Readings readings =
        readings_of(data_of(impl_), clamped_local_second({day}, second_of_day));
    const Instant first{first_reading(readings) * 1000};
    if (first >= from) return first;
    const Instant second{readings.second * 1000};
    if (readings.count == 2 && second >= from) return second;
  }
  return Instant::never();  // beyond the last year that is counted
}

std::string zone_data_version() {
  try {
    std::string version = date::get_tzdb().version;
    if (!version.empty() && version != "unknown") return version;
  } catch (const std::exception&) {
    return "unknown";
  }
  // The distribution's data has no version file, but the compact source beside it begins "# version
  // 2025b".
  std::ifstream source("/usr/share/zoneinfo/tzdata.zi");
  std::string hash;
  std::string word;
  std::string version;
  if (source >> hash >> word >> version && word == "version") return version;
  return "unknown";
}

}  // namespace relance
