#include "sim/tested.h"

#include "node/generation.h"

namespace relance {

Tested tested(const std::string& source, const FlowTestOptions& options,
              const std::string& bundle) {
  const std::string directory = "tests/sim/bundles/" + bundle;
  Tested tested;
  const auto library = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
  auto sources = read_bundle(directory);
  if (!sources) {
    tested.problems = sources.error().text();
    return tested;
  }
  (*sources)["try_test.lua"] = source;
  const LoadedBundle loaded = load_bundle(*sources, directory, load_options(*library, false));
  if (!loaded.bundle) {
    for (const Finding& finding : loaded.findings) tested.problems += finding.error.text() + "\n";
    return tested;
  }
  const VirtualClock clock(Instant{});
  tested.summary =
      run_flow_tests(loaded.bundle, *library, options, clock, [&](const FlowTestResult& result) {
        tested.results.push_back(result);
        if (!result.passed) tested.problems += result.error.text() + "\n";
      });
  for (const Error& error : tested.summary.errors) tested.problems += error.text() + "\n";
  return tested;
}

Tested tested_body(const std::string& body, const std::string& bundle) {
  return tested("it(\"test\", function()\n" + body + "\nend)", {}, bundle);
}

std::string Tested::failure(size_t test) const {
  if (test >= results.size()) return problems.empty() ? "no such test" : problems;
  if (results[test].passed) return "passed";
  const Error& error = results[test].error;
  const std::string hint = error.hint.empty() ? "" : "; " + error.hint;
  return std::to_string(error.where.line) + ": " + error.message + hint;
}

}  // namespace relance
