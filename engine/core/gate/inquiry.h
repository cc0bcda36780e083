// One question on its way down the gate's ledger, and what all checks share. A check looks at the
// question alone; it gives the verdict, or nothing and the next one speaks. What only puts a touch
// off is noted here until when. Internal to the gate.
#pragma once

#include <algorithm>
#include <optional>

#include "core/gate/facts.h"
#include "core/gate/gate.h"

namespace relance {

using Verdict = std::variant<Allow, Hold, Need, Deny>;
using Answer = std::optional<Verdict>;  // nothing: the next check

struct Inquiry {
  const GateQuestion& question;
  Facts facts;
  AddressOf address;
  Instant wait_until = Instant::beginning();  // the latest of what puts it off
  Reason waits_for = Reason::none;
  Instant rules_clear_at = Instant::beginning();  // when caps and gap are over

  // Notes that it cannot leave before `until`; the latest cause wins.
  void put_off(Instant until, Reason reason, std::string_view rule) {
    if (until <= question.now || until <= wait_until) return;
    wait_until = until;
    waits_for = reason;
    facts.text("rule", rule);
  }
};

inline bool lifts(const GateQuestion& q, std::string_view rule) {
  return std::any_of(q.overrides.begin(), q.overrides.end(),
                     [&](const Override& each) { return each.rule == rule; });
}

// A hold that an event ends is asked again after the deadline, so that the step can go on.
inline Hold hold_for(const GateQuestion& q, Instant until, std::string_view event, Reason reason) {
  if (q.deadline) until = std::min(until, *q.deadline + milliseconds(1));
  return Hold{until, std::string(event), reason};
}

}  // namespace relance
