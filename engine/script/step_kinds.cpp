// The list of kinds, and what their files share.
#include <fmt/format.h>

#include <algorithm>

#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 3> kCommon = {{
    {"after", Shape::after, false, "what starts it; without it the run's beginning does"},
    {"when", Shape::function, false, "function(run): false ends the step skipped"},
    {"was", Shape::text, false, "the step's name in an earlier version"},
}};

void add_once(std::vector<std::string>& words, std::string_view word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
}

}  // namespace

const StepKindEntry& step_kind_entry(StepKind kind) {
  static const std::array<const StepKindEntry*, std::variant_size_v<StepBody>> kEntries = {
      &kFetchKind,  &kChargeKind, &kSendKind,     &kWaitKind,    &kAwaitKind,
      &kDecideKind, &kActKind,    &kHoldKind,     &kReleaseKind, &kHandoffKind,
      &kRecordKind, &kStopKind,   &kStartFlowKind};
  return *kEntries[static_cast<size_t>(kind)];
}

std::span<const Field> common_step_fields() { return kCommon; }

void StepDraft::add_outcomes(std::span<const std::string_view> words) {
  for (const std::string_view word : words) add_once(step.outcomes, word);
}

void StepDraft::add_outcomes(const std::vector<std::string>& words) {
  for (const std::string& word : words) add_once(step.outcomes, word);
}

StepIndex StepDraft::hold(std::string_view field, const Value& value) {
  const Step& named = compilation.build.flow.steps[value.edge.step];
  if (named.kind() == StepKind::hold) return value.edge.step;
  fields.error(field, Code::wrong_type,
               fmt::format("'{}' of {} must be a hold; step '{}' is a {}", field, fields.what(),
                           named.name, step_kind_name(named.kind())));
  return kNoStep;
}

}  // namespace relance
