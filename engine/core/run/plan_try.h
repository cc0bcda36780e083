// When a try may leave: after its gap, at the local time that its flow names or when its policy
// says.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

// Decides when the next try may leave, and waits for it or seeks a slot at once. Where that needs
// the customer, he is read first.
void plan_try(const StepCase& c);

// The same with what is known of him.
void plan_known(const StepCase& c);

// What it waited for is over: its time, the gate's hold, the engine's restart. It seeks a slot. One
// that a hold has led past its time by more than an hour is given another time, once a try: later,
// and only where the gate would let it go.
void come_again(const StepCase& c);

}  // namespace relance
