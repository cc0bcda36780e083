// Rivals: steps of one customer that want to contact him at the same moment. The gate lets the flow
// that `priority` names first go first; who gave way is asked again as soon as the other one has
// left, or does not want any more.
//
// A bundle without priorities pays nothing, and a customer with one run next to nothing.
#pragma once

#include <optional>
#include <vector>

#include "core/run/step_logic.h"

namespace relance {

// The most urgent step of another run that wants to send right now and goes first, by the priority
// of its flow, of equals by its deadline: it waits for a slot, or for a fact that the gate needs.
// nullopt: there is none.
std::optional<Rival> rival_of(const StepCase& c);

// After a decision: who gave way to somebody who is gone is asked again.
void wake_outranked(Worker& worker);

// Orders runs by the priority of their flows, most urgent first; equal ones stay as they were.
void most_urgent_first(Worker& worker, std::vector<Key>& runs);
void most_urgent_first(Worker& worker, std::vector<std::pair<Key, StepIndex>>& steps);

}  // namespace relance
