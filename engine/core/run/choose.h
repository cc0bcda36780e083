// Choosing among the channels of a `send { via = { ... }, choose = policy "..." }`: the policy is
// asked each time a try is about to leave, and told of every channel what it costs, whether the
// gate would let it go now, and what this customer did with it before. Its word is recorded with
// its reason, its revision and what it saw. The gate has the last word over what it picked.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

// The state names the channel now (via_of). False: the step went on otherwise, because the
// customer's profile must be read first, or because it has ended.
bool choose_channel(const StepCase& c);

}  // namespace relance
