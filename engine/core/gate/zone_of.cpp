#include "core/gate/zone_of.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/gate/phone_zones.h"

namespace relance {
namespace {

// A name that no zone has costs a search for a similar one, and a careless CRM repeats the same few
// wrong names for every customer; so each thread remembers the last of them.
const Zone* find_zone(std::string_view name) {
  static thread_local std::array<std::string, 8> wrong_names;
  static thread_local size_t next = 0;
  if (name.empty()) return nullptr;
  if (std::find(wrong_names.begin(), wrong_names.end(), name) != wrong_names.end()) return nullptr;
  if (auto zone = Zone::find(name)) return *zone;
  wrong_names[next++ % wrong_names.size()] = name;
  return nullptr;
}

ZoneGuess guess(std::span<const Zone* const> zones, ZoneSource source) {
  return {{zones.begin(), zones.end()}, source};
}

}  // namespace

std::string_view zone_source_name(ZoneSource source) {
  static constexpr std::string_view kNames[] = {"profile", "phone", "bundle", "unknown"};
  return kNames[static_cast<size_t>(source)];
}

ZoneGuess guess_zone(std::string_view profile_zone, std::string_view phone,
                     const Zone& bundle_zone) {
  if (const Zone* zone = find_zone(profile_zone)) return {{zone}, ZoneSource::profile};
  if (auto zones = zones_of_phone(phone); !zones.empty()) return guess(zones, ZoneSource::phone);
  ZoneGuess country = guess(zones_of_country(bundle_zone), ZoneSource::unknown);
  if (country.candidates.empty()) return {{&bundle_zone}, ZoneSource::bundle};
  return country;
}

}  // namespace relance
