// Openings: a window opens, a pause ends or a provider returns, and all that waited may leave at
// once. Asked only where contact.lua has `opening`.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

// Does the end of a hold of this reason let many customers' touches go at once?
bool is_shut(Reason reason);

// Since when a touch could have left that an opening lets go, or that has waited for long in its
// lane or behind a more urgent one; never(): it has not waited.
Instant waited_since(const StepCase& c, const StepState& state);

}  // namespace relance
