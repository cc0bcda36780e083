// Flow tests: a bundle's *_test.lua files run against the real engine on virtual time.
//
//   describe, it, assert, sim (lua/test/library.lua) -> FlowTestHost -> FlowTestWorld -> engine
//
// Each file runs in a Lua state of its own, with the vocabulary's values and the library, within a
// budget; each test starts a fresh installation. The same seed gives the same result.
// Threads: one. Blocks: until all tests ran.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "plugins/plugin_host.h"
#include "script/bundle.h"

namespace relance {

struct FlowTestOptions {
  std::string filter;  // only tests whose file or name contains it
  uint64_t seed = 1;
};

struct FlowTestResult {
  std::string file, name;
  bool passed = false;
  Error error;  // of a failed one: what, and the line of the test
  Duration took;
};

struct FlowTestSummary {
  int passed = 0, failed = 0;
  std::vector<Error> errors;  // of policies that do not start: nothing was run
  bool ok() const { return failed == 0 && errors.empty(); }
};

// `told` hears of each test when it is over; of a file that does not load as of one failed test.
// `clock`: for `took` alone.
FlowTestSummary run_flow_tests(std::shared_ptr<const Bundle> bundle, PluginLibrary& library,
                               const FlowTestOptions& options, const Clock& clock,
                               const std::function<void(const FlowTestResult&)>& told);

// The results as JUnit XML, one suite a file.
std::string junit_xml(const std::vector<FlowTestResult>& results);

}  // namespace relance
