#include "node/goal_amounts.h"

#include <algorithm>

#include "core/state/opened.h"

namespace relance {

void GoalAmounts::add(const Customer& customer, const Run& run) {
  const Doc event = opened(customer.id, run.event);
  noted_.emplace_back(run.id, event.view().find("amount").money().value_or(Money{}));
}

// Charges that are open, or that a person settles, may turn out to have recovered their run.
void GoalAmounts::note_charges(const Customer& customer, const Key& parked) {
  for (const Touch& touch : customer.touches) {
    if (touch.what != TouchWhat::charge || (!touch.open() && touch.key != parked)) continue;
    if (const Run* run = customer.find_run(touch.run)) add(customer, *run);
  }
}

void GoalAmounts::note(const Customer& customer, const Input& input, const Rules& rules) {
  noted_.clear();
  if (customer.runs.empty()) return;
  if (const auto* event = std::get_if<EventInput>(&input)) {
    for (const Run& run : customer.runs) {
      const Flow* flow = rules.flow(run.version);
      if (flow && std::any_of(flow->goal.begin(), flow->goal.end(),
                              [&](const EventPattern& one) { return one.type == event->type; }))
        add(customer, run);
    }
  } else if (std::holds_alternative<ReadInput>(input)) {
    for (const Run& run : customer.runs) {
      const Flow* flow = rules.flow(run.version);
      if (flow && flow->recheck && !flow->recheck->goal.empty()) add(customer, run);
    }
  } else if (std::holds_alternative<ResultInput>(input) ||
             std::holds_alternative<LookUpInput>(input) ||
             std::holds_alternative<RecoverInput>(input)) {
    note_charges(customer, {});
  } else if (const auto* command = std::get_if<CommandInput>(&input)) {
    note_charges(customer, command->touch);
  }
}

Money GoalAmounts::of(const Key& run) const {
  const auto found = std::find_if(noted_.begin(), noted_.end(),
                                  [&](const auto& noted) { return noted.first == run; });
  return found == noted_.end() ? Money{} : found->second;
}

}  // namespace relance
