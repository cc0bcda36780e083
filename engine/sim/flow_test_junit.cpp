// junit_xml of flow_test.h.
#include <fmt/format.h>

#include "base/xml_text.h"
#include "sim/flow_test.h"

namespace relance {
namespace {

std::string seconds_of(Duration span) {
  return fmt::format("{}.{:03}", span.ms / 1000, span.ms % 1000);
}

std::string case_of(const FlowTestResult& result) {
  const std::string open =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{}\"",
                  xml_escaped(result.file), xml_escaped(result.name), seconds_of(result.took));
  if (result.passed) return open + "/>\n";
  const Where& where = result.error.where;
  return open +
         fmt::format(">\n      <failure message=\"{}\">{}:{}: {}</failure>\n    </testcase>\n",
                     xml_escaped(result.error.message), xml_escaped(where.file), where.line,
                     xml_escaped(result.error.message));
}

}  // namespace

std::string junit_xml(const std::vector<FlowTestResult>& results) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (size_t first = 0; first < results.size();) {
    size_t end = first;
    int failures = 0;
    Duration took;
    std::string cases;
    for (; end < results.size() && results[end].file == results[first].file; ++end) {
      failures += results[end].passed ? 0 : 1;
      took = took + results[end].took;
      cases += case_of(results[end]);
    }
    xml += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" time=\"{}\">\n",
                       xml_escaped(results[first].file), end - first, failures, seconds_of(took));
    xml += cases + "  </testsuite>\n";
    first = end;
  }
  return xml + "</testsuites>\n";
}

}  // namespace relance
