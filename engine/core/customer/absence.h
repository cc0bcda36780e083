// Flows that start because something did not happen: `start = absence_of "order.placed"
// (days(90))`.
//
// Each such event of the customer's is noted once for each of these flows, with the instant at
// which its absence will be complete; that instant stands in his snapshot and wakes him from the
// store, so whoever stays silent costs no memory. The next event moves it. The span is the flow's
// of today, for everyone: a new version of the flow has its own actor (search.h) look once at all
// who wait.
#pragma once

#include "core/run/worker.h"

namespace relance {

// An event was taken: what counts from the last one of its kind counts from it now. One that
// happened before the last one changes nothing.
void note_presence(Worker& worker, const EventTaken& event);

// Begins the runs of absences that are complete by now, and moves those whose flow waits for
// another span than it did.
void start_absent(Worker& worker);

// --- at the flow's own actor: a version of it that was not active before has everyone looked at
void count_anew(Worker& worker, const Flow& flow);
void take_roused(Worker& worker, const Key& operation);

}  // namespace relance
