// Dispatch: the one order in which every touch and every charge leaves.
//
//   plan_try -> (wait for its time) -> seek_slot -> lane -> dispatch: gate -> freeze -> intent ->
//   Send
//
// The gate is asked with the customer's state of that instant; a touch it holds, or for which a
// fact must be read first, gives its slot back and comes again by itself.
#pragma once

#include "core/run/sending.h"

namespace relance {

// Asks the step's lane for a slot; dispatches at once where there is one. Of several channels the
// policy chooses first.
void seek_slot(const StepCase& c);

// A slot was granted to this step.
void dispatch(const StepCase& c);

// Touches of live runs that the gate held for this reason come again.
void wake_held(Worker& worker, Reason reason);

// The gate's answer for a touch of this step over a channel, now. `repeat`: of a touch that passed
// it before; caps and gap have counted it, and its facts were read again then.
GateAnswer ask_gate_for(const StepCase& c, const Channel& channel, std::string_view via,
                        bool requested, bool repeat = false);

// The same for a channel that may be chosen for the next try.
GateAnswer ask_gate_as_candidate(const StepCase& c, const Channel& channel);

// The same for a later instant, by what is known now.
GateAnswer ask_gate_then(const StepCase& c, const Channel& channel, Instant then);

// What the gate needed was read.
void take_reading(const StepCase& c, const OperationResult& result);

}  // namespace relance
