// Those checks of the gate's ledger that ask what time it is where the customer is. Internal to the
// gate.
#pragma once

#include "core/gate/inquiry.h"

namespace relance {

// The hours of contact.lua and of the flow, in the customer's local time.
Answer window_is_open(Inquiry& in);

}  // namespace relance
