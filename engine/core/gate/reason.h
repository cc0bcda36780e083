// Why a touch was held, denied or let through: the closed list. Each reason is a word in records,
// reports and docs/reference/reasons.md.
#pragma once

#include <cstdint>
#include <string_view>

namespace relance {

enum class Reason : uint8_t {
  none,
  // held: comes back by itself
  outside_window,    // until the next opening in the customer's local time
  quiet_day,         // a holiday or a quiet day where the customer is: until the day after
  self_cure,         // a fresh failure: until the time is over in which many put it right
  recent_answer,     // after a conversation or a refusal a pack wants a rest
  merged,            // another touch that waited with it has left; denied where contact.lua says so
  cap_reached,       // until the oldest counted touch falls out
  gap_too_short,     // until the gap since the last touch is over
  person_owns_case,  // until the lease ends
  paused,            // until an operator resumes
  charge_open,       // another attempt for the same key is open
  network_ceiling,   // the card network's budget is used up for now
  flow_excluded,     // another flow of a mutex touched the customer a short while ago
  outranked,         // a more urgent flow wants to contact him now; denied where losers drop
  marker_open,       // he is in the middle of something; denied where the rule says drop
  restricted,        // he asked that his data be only kept, or erased: until that is lifted
  // need: a fact must be read first
  profile_unread,
  recheck_unread,
  history_unread,  // a rule looks back further than the ledger
  // denied: for good
  no_consent,
  consent_withdrawn,
  consent_expired,
  suppressed_address,
  do_not_call,  // the number is on a do-not-call list
  no_address,   // no mailbox or number for this channel
  invalid_address,
  never_clears,     // held beyond the run's end, or longer than two days for a cap or gap
  deadline_passed,  // late
  goal_reached,     // the re-check says so
  stopped_by_recheck,
  credential_dead,  // the network forbids any further attempt with this credential
  channel_off,
  language_not_spoken,  // by the channel: a person, or another channel, has to
  already_responded,    // to this campaign
  left_segment,         // read again, the customer is no longer in the segment that started the run
  // held: comes back by itself
  resumed,  // an operator ended the pause; it leaves when its turn comes
};

std::string_view reason_name(Reason reason);
bool reason_from(std::string_view name, Reason& reason);
// One sentence for a shop manager: "it was outside the hours in which he may be called".
std::string_view reason_sentence(Reason reason);

}  // namespace relance
