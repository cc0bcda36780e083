// In which zones the customer may be: told by the profile, else by the phone number's prefix (a
// table as data), else unknown. With several candidates a moment is allowed only if it is allowed
// in all of them.
#pragma once

#include <string_view>
#include <vector>

#include "base/zone.h"

namespace relance {

enum class ZoneSource : uint8_t { profile, phone, bundle, unknown };
std::string_view zone_source_name(ZoneSource source);

struct ZoneGuess {
  std::vector<const Zone*> candidates;  // at least one
  ZoneSource source = ZoneSource::unknown;
};

// `profile_zone` may be empty or unreadable, `phone` empty; a phone counts when it is in E.164 form
// ("+33..."). `bundle_zone` is the last resort: where neither zone nor phone is known, all clocks
// of its country are candidates (source unknown), or it alone where the country has one (source
// bundle).
ZoneGuess guess_zone(std::string_view profile_zone, std::string_view phone,
                     const Zone& bundle_zone);

}  // namespace relance
