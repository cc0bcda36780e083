// A distributed trace that goes on to a provider (W3C Trace Context, www.w3.org/TR/trace-context):
// the event's trace, with a span that names the touch, so that a repeat is the same bytes.
#pragma once

#include <fmt/format.h>

#include "plugins/performer.h"

namespace relance {

// The header traceparent of requests for this order; empty: its event came without a trace.
inline std::string traceparent_of(const TouchOrder& order) {
  constexpr size_t kSpan = 36, kFlags = 52;  // 00-TRACE(32)-SPAN(16)-FLAGS
  if (order.trace.size() <= kFlags) return {};
  return fmt::format("{}{:016x}{}", order.trace.substr(0, kSpan), order.touch.key.high() | 1,
                     order.trace.substr(kFlags));
}

}  // namespace relance
