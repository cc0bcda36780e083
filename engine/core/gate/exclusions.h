// Checks between flows and with what the customer is in the middle of. Internal to the gate.
//
// `never` holds for what the customer asked for too; mutex, campaigns and priorities do not.
#pragma once

#include "core/gate/inquiry.h"

namespace relance {

// Until when a marker of this name stands in the way of a rule that counts on for `within` from its
// closing: never() while one is open, without a limit; an instant that is past: none does.
struct Standing {
  Instant until = Instant::beginning();
  const Marker* marker = nullptr;
};
Standing standing_marker(const Customer& customer, const MarkerRule& marker, Duration within);

// Key of the marker "=responded" of a flow.
uint64_t campaign_key(std::string_view flow);

Answer no_marker_forbids(Inquiry& in);
Answer campaign_is_unanswered(Inquiry& in);
Answer no_excluded_flow_was_here(Inquiry& in);
Answer nobody_more_urgent_waits(Inquiry& in);
// A cap or gap keeps it waiting because a more urgent flow took the room, and losers drop.
Answer loser_may_wait(Inquiry& in);

}  // namespace relance
