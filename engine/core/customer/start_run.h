// Starting runs: for each active flow that the event may start, is this customer and key eligible
// now?
#pragma once

#include <vector>

#include "core/run/worker.h"

namespace relance {

// `reached`: runs that the event has joined; a flow of which it joined a run is not started again.
void start_runs(Worker& worker, const EventTaken& event, DocView data,
                const std::vector<Key>& reached);

}  // namespace relance
