// A flow-test file run against tests/sim/bundles/shop, for tests of the library itself.
#pragma once

#include <string>
#include <vector>

#include "sim/flow_test.h"

namespace relance {

struct Tested {
  FlowTestSummary summary;
  std::vector<FlowTestResult> results;
  std::string problems;  // of the bundle, of files that do not run, of tests that failed

  // What failed, without the file's name: "3: expected 1, found 2".
  std::string failure(size_t test = 0) const;
};

// `source` is the file tests/sim/bundles/shop/try_test.lua.
Tested tested(const std::string& source, const FlowTestOptions& options = {},
              const std::string& bundle = "shop");

// The same for the body of one test; its first line is line 2. `bundle`: another of those beside
// the shop.
Tested tested_body(const std::string& body, const std::string& bundle = "shop");

}  // namespace relance
