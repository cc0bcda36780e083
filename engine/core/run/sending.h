// What `send` and `charge` have in common: tries that leave over a channel, at their time, before
// their deadline.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

struct Sending {
  TouchWhat what = TouchWhat::message;
  int tries = 1;
  std::optional<Duration> gap;
  const SendTime* at = nullptr;
  const DataSource* data = nullptr;
  const SendStep* send = nullptr;  // nullptr: a charge

  Duration window() const { return gap.value_or(hours(24)); }
  bool timed() const { return at->local || !at->policy.empty() || !at->path.empty(); }
};
Sending sending_of(const Step& step);

// The channel over which its next or latest try goes: of several the one that was chosen last.
std::string_view via_of(const StepCase& c);

// The zone in which a local time of this customer is meant.
ZoneGuess zone_of(const StepCase& c, DocView profile);

// The instant by which its next try must have left; nothing: there is none. A callback has none.
std::optional<Instant> deadline_of(const StepCase& c, const StepState& state);

// Writes what was found about its next try, and why: held, denied, late.
void judged(const StepCase& c, std::string_view verdict, Reason reason, Instant until, Doc facts);

// Its deadline has passed: after a first try the step ends in the last try's word instead.
void end_late(const StepCase& c);

}  // namespace relance
