// Everything that can be told wrong about a flow by looking at its graph alone. Each finding stands
// at its line.
//
// Checks: unreachable steps (E0111), edges on outcomes that cannot come, because no channel here
// gives them or because the step has no deadline or `within` (E0124, warning), a read of a result
// that may not exist (E0112, by dominance), unhandled failure outcomes (E0113, one warning a step),
// wants_human or dissatisfied without handoff (E0114), `otherwise` beside an unsettled opted_out,
// wrong_person or close word (E0123).
#pragma once

#include <functional>
#include <map>
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
  bool guarded =
      false;  // the code tests `.outcome` first or supplies a fallback, so absence is handled
};

struct CheckInput {
  const Flow& flow;
  std::vector<ResultRead> reads;  // found by the loader in tables and function sources
  // By channel name: of its kind's words, those that its plugin declares. A channel that is not
  // here gives them all.
  std::map<std::string, std::vector<std::string>, std::less<>> channel_gives = {};
};

// Sorted by line. Empty: nothing is wrong.
std::vector<Finding> check_flow(const CheckInput& input);

}  // namespace relance
