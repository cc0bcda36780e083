// Correlation: which live runs does an event reach, and which flows does it start?
//
// An event reaches a run when all the key fields it carries agree and it carries at least one;
// events about a touch reach the run of that touch, events about the customer all his runs. A flow
// without a key is reached by every event of his.
#pragma once

#include <vector>

#include "core/run/worker.h"

namespace relance {

bool reaches(const Run& run, const Flow& flow, const EventTaken& event, DocView data,
             const Customer& customer, const Rules& rules);

// Does any of the patterns name this event? Fails when a `where` function does.
Result<bool> matches(const std::vector<EventPattern>& patterns, const Flow& flow,
                     std::string_view type, DocView data, const Rules& rules);

}  // namespace relance
