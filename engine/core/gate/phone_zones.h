// Which zones a phone number tells by its prefix, and which zones share a country. A table as
// data: phone_zones.inc.
//
// Threads: any; the table is built at first use and never changes. Zones that the machine does not
// know are left out.
#pragma once

#include <span>
#include <string_view>

#include "base/zone.h"

namespace relance {

// The zones in which the owner of a number in E.164 form ("+33...") may be, by its longest known
// prefix. Empty where the prefix tells none: satellite, free-phone, or no number at all.
std::span<const Zone* const> zones_of_phone(std::string_view e164);

// The zones of the country in which `zone` lies, one for each of its clocks; empty for a country
// with one clock.
std::span<const Zone* const> zones_of_country(const Zone& zone);

}  // namespace relance
