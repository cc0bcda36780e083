// Content: the words of a message, made by a writer (relance.generate/1) from the template and its
// values, just before the touch is frozen.
//
// Asked once a touch, after the gate has allowed it; the answer stands in the step until the touch
// leaves with it, so a repeat says the same. A writer that fails, is late, or was asked before a
// crash is not asked again: the template is sent.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

// The step has a writer who was not asked about the next try yet.
bool wants_content(const StepCase& c);

// Asks the writer; the step waits in Phase::reading until the answer or its time.
void ask_content(const StepCase& c, const Channel& channel);

// It waits for its writer.
bool awaits_content(const StepState& state);

// The writer's answer; the touch seeks its slot again.
void take_content(const StepCase& c, const OperationResult& result);

// No answer came, and none is waited for any more.
void give_up_content(const StepCase& c, std::string_view why);

// What a message says: its template's inputs, or a writer's parts beside them. Shared with
// freeze().
using FrozenFields = std::vector<std::pair<std::string, Doc>>;
void add_content(const StepCase& c, FrozenFields& fields);

}  // namespace relance
