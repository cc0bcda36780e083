// What a flow test sees of a run: its story as the data that lua/test/library.lua describes
// (`host.view`).
//
// Pure. Threads: any.
#pragma once

#include "sim/flow_test_history.h"
#include "sim/scripted_performer.h"

namespace relance {

struct SeenRun {
  const RunStory& story;
  const Flow& flow;
  std::string_view subject;  // the customer's id
  const ScriptedPerformer& performer;
  const Rules& rules;
};
Doc view_of(const SeenRun& seen);

// Of an event that began no run although its flow starts with it: excluded or held out.
Doc view_of_none(const FlowEventFate& fate, const Flow& flow, std::string_view subject);

}  // namespace relance
