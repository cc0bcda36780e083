// Moving a run: starting what may start, ending it, cancelling what is pending, undoing what was
// held.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

// Starts every step whose edges are there, in file order, until nothing more starts; ends the run
// when nothing is left. Safe to call at any time.
void advance(Worker& worker, const Key& run);

// Ends the run so: cancels what is pending, undoes holds, starts `ended` steps. A run that is
// ending already keeps its first end. `by` is the touch to be credited.
void end_run(Worker& worker, const Key& run, RunEnd how, std::string_view reason,
             const Key& by = {});

// The contact touch of this run that a goal at this instant is credited to, if one lies within the
// attribution span.
Key credited_touch(const Worker& worker, const Customer& customer, const Key& run);

}  // namespace relance
