// What `start_flow` steps hand over, once all flows of a bundle are known: fields of the started
// flow's event, of their types, and its key (E0140); and chains of flows that would spin or never
// end (core/graph/start_cycles.h). What a function of the flow gives is known only when it runs.
#pragma once

#include "script/bundle.h"
#include "script/load.h"

namespace relance {

void check_starts(const Bundle& bundle, Findings& findings);

}  // namespace relance
