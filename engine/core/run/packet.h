// The context packet of a hand-off: everything a person needs so that the customer does not have to
// repeat himself.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

// A record {flow, step, why, script, reached, said, customer, event, steps, touches}: the campaign,
// the step that handed over and the outcome that led there, the script followed and the turn it
// reached, what was said, the customer's and the order's facts, the outcomes of all steps so far,
// the last contacts of every flow.
Doc context_packet(const StepCase& c);

}  // namespace relance
