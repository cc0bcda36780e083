#include "base/trace.h"

#include <fmt/format.h>

#include <algorithm>

namespace relance {
namespace {

constexpr std::string_view kShape = "00-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";
constexpr size_t kSpan = 36, kFlags = 52;

}  // namespace

bool is_traceparent(std::string_view text) {
  return std::equal(text.begin(), text.end(), kShape.begin(), kShape.end(), [](char c, char form) {
    return form == 'x' ? (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') : c == form;
  });
}

std::string with_span(std::string_view traceparent, uint64_t span) {
  if (!is_traceparent(traceparent)) return {};
  return fmt::format("{}{:016x}{}", traceparent.substr(0, kSpan), span, traceparent.substr(kFlags));
}

}  // namespace relance
