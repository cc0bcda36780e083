// Flows that start each other with `start_flow`, or themselves anew: such a chain must take time,
// and there must be a way out of it.
//
// Errors, each at the line of the step: between two starts of a chain no time need pass, so that it
// would spin (E0141); nothing ends a chain: none of its flows has a goal or a stop, and every way
// through them leads to the next start (E0142).
#pragma once

#include <span>
#include <vector>

#include "core/graph/check.h"

namespace relance {

// `flows`: all of a bundle. Sorted by flow and line.
std::vector<Finding> check_start_cycles(std::span<const Flow* const> flows);

}  // namespace relance
