// Openings: a window opens, a pause ends or a provider returns, and all that waited may leave at
// once. Asked only where contact.lua has `opening`.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

// Since when a touch that an opening lets go could have left, or one that has waited long for its
// lane; never(): it has not waited.
Instant waited_since(const StepCase& c, const StepState& state);

}  // namespace relance
