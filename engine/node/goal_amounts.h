// What the runs are about that an input may bring to their goal. Noted before it is decided: a run
// that has ended leaves nothing of its event with the customer.
//
// Threads: one.
#pragma once

#include <utility>
#include <vector>

#include "base/money.h"
#include "core/run/input.h"
#include "core/run/rules.h"

namespace relance {

class GoalAmounts {
 public:
  void note(const Customer& customer, const Input& input, const Rules& rules);
  // Without a currency: the event named no amount.
  Money of(const Key& run) const;

 private:
  void add(const Customer& customer, const Run& run);
  void note_charges(const Customer& customer, const Key& parked);

  std::vector<std::pair<Key, Money>> noted_;
};

}  // namespace relance
