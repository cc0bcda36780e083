// Reads without side effect that a step waits for in Phase::reading.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

// Asks for a read of a connector. `why` is kept in the state's word.
void ask_read(const StepCase& c, std::string_view connector, std::string_view what,
              std::string_view by, std::string_view why);

// Asks the CRM who the customer is, where it has not said yet: a policy, or a time on his clock, is
// not asked about somebody unknown. True: the step waits for that record.
bool read_customer_first(const StepCase& c);
bool awaits_customer(const StepState& state);

// The source answered; that there is nothing is an answer too.
inline bool is_answer(const OperationResult& result) {
  return result.status == OperationStatus::done || result.status == OperationStatus::absent;
}

// The CRM's record of him came. False: it is in trouble.
bool take_customer(const StepCase& c, const OperationResult& result);

}  // namespace relance
