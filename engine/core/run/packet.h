// The context packet of a hand-off: everything a person needs so that the customer does not have to
// repeat himself.
//
// A record:
//   flow, step    text    the campaign, and the step that hands over (of a transfer: the call)
//   why           text    the step and the outcome that led here: "call: wants_human"
//   script        text    what was followed; "" where there was no conversation
//   reached       text    the point of transfer: the script's turn, else the step that led here
//   said          list    of {by, what}: what was said
//   customer      record  his profile as last read, and his `id`
//   event         record  the order's, bill's or return's facts
//   steps         record  outcomes of all steps so far
//   touches       list    the last contacts of every flow, newest first
//   memory        record  {said, promised, asked}: words of earlier contacts of every flow
//   pending       list    of {flow, step, kind, phase, reason, at}: what automation still has to do
//   controller    text    who answers for the customer's data
// and of an item of a queue: item, queue, outcomes (a list: the words it may be ended with),
// opened_at.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

Doc context_packet(const StepCase& c);
// Of a `handoff` step.
Doc item_packet(const StepCase& c);

// Fails with packet_incomplete, naming the first field that is missing or empty.
Status check_packet(DocView packet);

// Was the handoff's step reached because the customer was dissatisfied?
bool follows_dissatisfaction(const StepCase& c);

}  // namespace relance
