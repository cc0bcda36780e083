// Calling windows in local time. What the customer's clock shows decides: an hour that daylight
// saving repeats is inside both times, a start that it leaves out is met at the first instant after
// the gap.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "core/gate/zone_of.h"
#include "core/graph/contact_rules.h"

namespace relance {

// The first instant at or after `from` that lies inside every window rule covering (channel,
// purpose), in every candidate zone; `from` itself when it does. never() when there is none within
// 31 days. Windows of several rules intersect; several windows of equal scope (09-12 and 14-18)
// unite.
Instant next_opening(Instant from, std::span<const WindowRule> rules, std::string_view channel_kind,
                     Purpose purpose, const ZoneGuess& zones);

// Does any of the rules restrict (channel, purpose)?
bool any_window(std::span<const WindowRule> rules, std::string_view channel_kind, Purpose purpose);

// The rules that restrict (channel, purpose), for people: "09:00-12:00 or 14:00-18:00 and
// 10:00-20:00 mon-fri".
std::string window_text(std::span<const WindowRule> rules, std::string_view channel_kind,
                        Purpose purpose);

}  // namespace relance
