// Pauses: what a person, or a guard in his place, put to rest while everything else goes on. They
// belong to an actor of their own, a customer nobody ever meets (core/customer/pause.h), and so do
// the counts of guards.
#pragma once

#include <string>

#include "base/instant.h"

namespace relance {

// How the touches that a pause held go on when it ends.
enum class Release : uint8_t {
  send,   // the gate is asked as if they had come just now
  shift,  // each as long after the end as it came after the beginning; its
          // deadline moves along
  merge,  // the best message of each customer as with `send`, his others not at
          // all
  drop,   // not at all
};
std::string_view release_name(Release release);
bool release_from(std::string_view name, Release& release);

struct Pause {
  uint64_t number = 0;  // from 1, in the order in which they were set
  std::string flow, channel,
      segment;       // what it holds, all that are given at once; empty: any
  bool off = false;  // touches are refused, not held: flows go on without them
  Instant since;
  std::string author, reason;
  Instant ended_at = Instant::never();  // from then on it holds nothing; what it held is let go
  Release release = Release::send;
  std::string ended_by, end_reason;

  bool stands() const { return ended_at.is_never(); }
  // Of a channel its name in the bundle, or its kind.
  bool concerns(std::string_view of_flow, std::string_view name, std::string_view kind) const {
    return (flow.empty() || flow == of_flow) &&
           (channel.empty() || channel == name || channel == kind);
  }
  bool operator==(const Pause&) const = default;
};

// "flow payment_recovery, channel voice"; "everything" where nothing is named.
std::string scope_words(const Pause& pause);

// What a guard has counted of one flow (core/customer/guard.h).
struct GuardCount {
  std::string flow, what;  // opt_out_rate, complaint_rate
  Instant window_from;
  uint64_t contacts = 0, objections = 0;            // in this window
  uint64_t past_contacts = 0, past_objections = 0;  // in those before it
  bool operator==(const GuardCount&) const = default;
};

}  // namespace relance
