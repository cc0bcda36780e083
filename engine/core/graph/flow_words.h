// What the canonical JSON of a flow is made of beside its fields (flow_fields.h): the words of its
// enumerations, and a walk over the fields of a part. For writing, reading and the schema.
#pragma once

#include <array>
#include <concepts>
#include <string_view>
#include <tuple>

#include "core/graph/flow_fields.h"

namespace relance {

// Names of the enumerators, in their order.
constexpr std::array<std::string_view, 4> enum_words(ReEntry) {
  return {"always", "never_again", "again_after", "once_per_key"};
}
constexpr std::array<std::string_view, 2> enum_words(FieldMoment::Kind) {
  return {"before", "since"};
}
constexpr std::array<std::string_view, 5> enum_words(Cell::Kind) {
  return {"any", "one_of", "at_least", "below", "between"};
}
constexpr std::array<std::string_view, 4> enum_words(DecideStep::Kind) {
  return {"table", "function", "policy", "split"};
}
constexpr std::array<std::string_view, 3> enum_words(HandoffStep::Lost) { return kLostWords; }
constexpr std::array<std::string_view, 3> enum_words(Purpose) {
  return {"service", "recovery", "marketing"};
}
constexpr std::array<std::string_view, 8> enum_words(RunEnd) {
  return {"none", "goal", "stopped", "expired", "completed", "failed", "excluded", "holdout"};
}

template <class T>
concept Listed = requires(const T& object) { fields(object); };
template <class T>
concept Enumerated = requires(T word) { enum_words(word); };

template <class T, class Visit>
void each_field(const T& object, const Visit& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, fields(object));
}

}  // namespace relance
