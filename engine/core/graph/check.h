// Everything that can be told wrong about a flow by looking at its graph alone. Each finding stands at its line.
//
// Checks: unreachable steps (E0111), outcomes no channel here can give (E0124), a read of a result that may not exist
// (E0112, by dominance), unhandled failure outcomes (E0113, warning), wants_human or dissatisfied without handoff
// (E0114), `otherwise` beside an unsettled opted_out, wrong_person or close word (E0123).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/graph/flow.h"

namespace relance {

enum class Severity : uint8_t { error, warning };

struct Finding {
  Severity severity = Severity::error;
  Error error;
};

// `steps.NAME.data` read by a function or a decision table of a step.
struct ResultRead {
  StepIndex reader = kNoStep;
  StepIndex read = kNoStep;
  int line = 0;
  bool guarded = false;  // the code tests `.outcome` first or supplies a fallback, so absence is handled
};

struct CheckInput {
  const Flow& flow;
  std::vector<ResultRead> reads;  // found by the loader in tables and function sources
};

std::vector<Finding> check_flow(const CheckInput& input);

}  // namespace relance
