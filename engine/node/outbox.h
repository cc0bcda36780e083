// Making effects ready to leave: the frozen part of a touch opened, its texts rendered.
//
// Pure but for the rules' templates. Threads: any.
#pragma once

#include "core/run/context.h"
#include "node/mail.h"

namespace relance {

// The same touch gives the same order. Fails (as an AnswerOut) when a template cannot be rendered
// any more.
Outgoing make_ready(Effect effect, const Customer& customer, const Rules& rules);

}  // namespace relance
