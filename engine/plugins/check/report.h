// What the conformance kit found out about one plugin, and its three forms: a table for people,
// JSON for programs, JUnit XML for continuous integration.
//
// Threads: values.
#pragma once

#include <vector>

#include "base/instant.h"
#include "plugins/check/rules.h"

namespace relance::conformance {

struct Finding {
  const Rule* rule = nullptr;
  Outcome outcome;
  Duration took;
};

struct Report {
  std::string plugin;  // its id, or the file's name where it does not say one
  std::string path;
  std::vector<Finding> findings;  // in the order of the rules

  size_t count(Verdict verdict) const;
  bool ok() const { return count(Verdict::failed) == 0; }
};

// A line a rule; under a failed one what was seen, why it matters and the remedy. `colour`: marks
// verdicts for a terminal.
std::string table_of(const Report& report, bool colour);
// One object: {plugin, path, ok, passed, failed, not_applicable, rules: [{id, verdict, seen, ...}]}
std::string json_of(const Report& report);
// One suite; what does not apply counts as skipped.
std::string junit_of(const Report& report);

}  // namespace relance::conformance
