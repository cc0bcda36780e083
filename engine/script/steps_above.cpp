#include "script/steps_above.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace relance {
namespace {

constexpr size_t kMostMissed = 200;  // nobody reads more errors than that

bool is_name(const std::string& name) {
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

}  // namespace

bool StepsAbove::claim(const std::string& name, int line) {
  if (!is_name(name)) {
    findings_.error({file_.path, line}, Code::bad_value,
                    fmt::format("'{}' is no name of a {}", name, noun_),
                    "names are lower-case letters, digits and _");
    return false;
  }
  const auto [at, added] = lines_.emplace(name, line);
  if (added) return true;
  findings_.error({file_.path, line}, Code::duplicate_step,
                  fmt::format("{} '{}' stands already at line {}", noun_, name, at->second),
                  "a name is used once; repetition is inside a step (tries)");
  return false;
}

StepIndex StepsAbove::read(const std::string& name, int line) {
  const auto at = index_.find(name);
  if (at != index_.end()) return at->second;
  if (spoilt_.count(name) == 0 && missed_.size() < kMostMissed) missed_.push_back({name, line});
  return kNoStep;
}

void StepsAbove::report_missing() {
  for (const Missed& missed : missed_) {
    const auto later = lines_.find(missed.name);
    const bool stands_below = later != lines_.end();
    findings_.error(
        {file_.path, missed.line}, Code::unknown_step,
        fmt::format("{} '{}' does not stand above", noun_, missed.name),
        stands_below ? fmt::format("it stands below, at line {}; edges point to what stands above",
                                   later->second)
                     : did_you_mean(missed.name, names()));
  }
}

std::vector<std::string> StepsAbove::names() const {
  std::vector<std::string> names;
  for (const auto& [name, line] : lines_) names.push_back(name);
  return names;
}

bool check_outcome(const std::vector<std::string>& outcomes, const std::string& step,
                   const std::string& word, const Where& where, Findings& findings) {
  if (word == "otherwise" || std::find(outcomes.begin(), outcomes.end(), word) != outcomes.end())
    return true;
  std::string hint = did_you_mean(word, outcomes);
  if (hint.empty() && word == "skipped") hint = "a step is skipped only where it has a `when`";
  if (hint.empty())
    hint = outcomes.empty() ? "it has none" : fmt::format("it has {}", join(outcomes, ", "));
  findings.error(where, Code::unknown_outcome,
                 fmt::format("step '{}' has no outcome '{}'", step, word), std::move(hint));
  return false;
}

}  // namespace relance
