// Calling windows in local time.
#pragma once

#include <span>

#include "base/instant.h"
#include "core/gate/zone_of.h"
#include "core/graph/contact_rules.h"

namespace relance {

// The first instant at or after `from` that lies inside every window rule covering (channel, purpose), in every candidate
// zone; `from` itself when it does. never() when there is none within 31 days. Windows of several rules intersect; several
// windows of equal scope (09-12 and 14-18) unite.
Instant next_opening(Instant from, std::span<const WindowRule> rules, std::string_view channel_kind, Purpose purpose,
                     const ZoneGuess& zones);

}  // namespace relance
