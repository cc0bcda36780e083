// Flows that start because something did not happen: `start = absence_of "order.placed"
// (days(90))`.
//
// Each such event of the customer's is noted once for each of these flows, with the instant at
// which its absence will be complete; that instant stands in his snapshot and wakes him from the
// store, so whoever stays silent costs no memory. The next event moves it. The span is the flow's
// of today: a flow that waits longer now, waits longer for everyone.
#pragma once

#include "core/run/worker.h"

namespace relance {

// An event was taken: what counts from the last one of its kind counts from it now. One that
// happened before the last one changes nothing.
void note_presence(Worker& worker, const EventTaken& event);

// Begins the runs of absences that are complete by now.
void start_absent(Worker& worker);

}  // namespace relance
