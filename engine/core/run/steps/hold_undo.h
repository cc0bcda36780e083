// The undo of a hold, asked for by its own end, by `release`, or by the end of the run.
#pragma once

#include "core/run/step_logic.h"

namespace relance::steps {

// `c` is the hold's case. False: no undo is owed (not done, undone already, or settled by an act).
bool undo_hold(const StepCase& c);

// The hold, or its undo, is on its way: an answer will come.
bool hold_is_out(const StepCase& c);

}  // namespace relance::steps
