// A trace that goes on to a provider: the event's, with a span that names the touch, so that a
// repeat is the same bytes.
#pragma once

#include "base/trace.h"
#include "plugins/performer.h"

namespace relance {

// The header traceparent of requests for this order; empty: its event came without a trace.
inline std::string traceparent_of(const TouchOrder& order) {
  return with_span(order.trace, order.touch.key.high() | 1);
}

}  // namespace relance
