// Runs whose flow version cannot be loaded are held as they are: nothing of them leaves, wakes,
// ends or expires, and the events that may be theirs are kept with them. A start that can load the
// version sets them free.
#pragma once

#include "core/run/worker.h"

namespace relance {

// Before any other decision about the customer: holds the runs whose version is missing, and frees
// the held ones whose version is there again; these take the events they kept, in order.
void hold_runs(Worker& worker);

}  // namespace relance
