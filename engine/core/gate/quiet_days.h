// Holidays and other days on which a customer is left alone, by his own calendar.
#pragma once

#include <span>
#include <string>

#include "base/instant.h"
#include "core/gate/zone_of.h"
#include "core/graph/contact_rules.h"

namespace relance {

// The first instant at or after `from` that lies on no quiet day of the rules that cover (channel,
// purpose), in every candidate zone; `from` itself when it does. never(): none within 31 days.
Instant after_quiet_days(Instant from, std::span<const QuietDayRule> rules,
                         std::string_view channel_kind, Purpose purpose, const ZoneGuess& zones);

// What makes this local day quiet, for people: "Easter Monday (FR)", "2026-12-24"; empty: nothing.
std::string quiet_day_name(std::span<const QuietDayRule> rules, std::string_view channel_kind,
                           Purpose purpose, Date day);

}  // namespace relance
