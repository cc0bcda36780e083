// A distributed trace as requests carry it: W3C Trace Context (www.w3.org/TR/trace-context), the
// header traceparent. What does not have its form is no trace, and no fault either.
//
// Threads: any. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace relance {

// 00-TRACE-SPAN-FLAGS, in small hexadecimal digits.
bool is_traceparent(std::string_view text);

// The same trace with another span; empty where `traceparent` is none.
std::string with_span(std::string_view traceparent, uint64_t span);

}  // namespace relance
