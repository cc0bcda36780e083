// An accepted event at work: facts about touches and consent, the runs it reaches, the runs it
// starts.
#pragma once

#include "core/run/worker.h"

namespace relance {

// The caller has ruled out that it is a duplicate.
void take_event(Worker& worker, const EventInput& event);

}  // namespace relance
