// Starting runs: for each active flow that the event may start, or the one that found him by
// itself: is this customer and key eligible now?
#pragma once

#include <vector>

#include "core/run/worker.h"

namespace relance {

// `reached`: runs that the event has joined; a flow of which it joined a run is not started again.
void start_runs(Worker& worker, const EventTaken& event, DocView data,
                const std::vector<Key>& reached);

// The flow found him without an event: its run begins with an event of the engine's own, written
// here. Nothing is written where a run of it lives, or where `re_entry` keeps him out: a search
// finds the same customers again and again.
void start_found(Worker& worker, const Flow& flow, const FoundInput& found);

}  // namespace relance
