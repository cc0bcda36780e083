// An operation on a connector, begun: intent first, then the effect.
#pragma once

#include "core/run/step_logic.h"

namespace relance::steps {

// The step goes to Phase::out with the operation's touch. `attempt` keeps the keys of a step's
// operations apart.
void start_operation(const StepCase& c, std::string_view connector, std::string_view op,
                     const Doc& data, const Doc& only_if, std::string_view attempt);

}  // namespace relance::steps
