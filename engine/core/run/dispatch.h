// Dispatch: the one order in which every touch and every charge leaves.
//
//   plan_try -> (wait for its time) -> seek_slot -> lane -> dispatch: gate -> freeze -> intent ->
//   Send
//
// The gate is asked with the customer's state of that instant; a touch it holds, or for which a
// fact must be read first, gives its slot back and comes again by itself.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

// What `send` and `charge` have in common.
struct Sending {
  TouchWhat what = TouchWhat::message;
  std::string_view via;
  int tries = 1;
  std::optional<Duration> gap;
  const SendTime* at = nullptr;
  const DataSource* data = nullptr;
  const SendStep* send = nullptr;  // nullptr: a charge

  Duration window() const { return gap.value_or(hours(24)); }
};
Sending sending_of(const Step& step);

// Decides when the next try may leave (gap, local time, policy, deadline) and waits for it or seeks
// a slot at once.
void plan_try(const StepCase& c);

// Asks the step's lane for a slot; dispatches at once where there is one.
void seek_slot(const StepCase& c);

// A slot was granted to this step.
void dispatch(const StepCase& c);

// Touches of live runs that the gate held for this reason come again.
void wake_held(Worker& worker, Reason reason);

// The instant by which its next try must have left; nothing: there is none.
std::optional<Instant> deadline_of(const StepCase& c, const StepState& state);

// The gate's answer for a touch of this step over a channel, now. `repeat`: of a touch that passed
// it before; caps and gap have counted it, and its facts were read again then.
GateAnswer ask_gate_for(const StepCase& c, const Channel& channel, std::string_view via,
                        bool requested, bool repeat = false);

// What the gate needed was read.
void take_reading(const StepCase& c, const OperationResult& result);

// Asks for a read of a connector; the step waits in Phase::reading. `why` is kept in the state's
// word.
void ask_read(const StepCase& c, std::string_view connector, std::string_view what,
              std::string_view by, std::string_view why);

// The zone in which a local time of this customer is meant.
ZoneGuess zone_of(const StepCase& c, DocView profile);

}  // namespace relance
