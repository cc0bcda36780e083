// Those checks of the gate's ledger that ask when and where: hours and quiet days in the customer's
// local time, the packs of his country, fresh failures, touches that waited together. Internal to
// the gate.
#pragma once

#include "core/gate/inquiry.h"

namespace relance {

// Notes which rules of the bundle's packs hold for him.
Answer packs_are_found(Inquiry& in);

// After a conversation or a refusal a pack wants a rest.
Answer answer_has_rested(Inquiry& in);

// A fresh failure waits for `self_cure` before the run's first contact: many customers put it right
// by themselves.
Answer failure_had_its_time(Inquiry& in);

// Of the touches of one customer that an opening lets go at once, the best one stands for all.
Answer best_of_those_that_waited(Inquiry& in);

// The hours and quiet days of contact.lua, of the flow and of packs.
Answer window_is_open(Inquiry& in);

}  // namespace relance
