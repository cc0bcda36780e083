#include "plugins/check/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/doc.h"
#include "base/xml_text.h"

namespace relance::conformance {
namespace {

constexpr std::string_view kGreen = "\033[32m", kRed = "\033[31m", kDim = "\033[2m",
                           kPlain = "\033[0m";

std::string_view colour_of(Verdict verdict) {
  return verdict == Verdict::passed ? kGreen : verdict == Verdict::failed ? kRed : kDim;
}

std::string_view mark_of(Verdict verdict) {
  return verdict == Verdict::passed ? "ok" : verdict == Verdict::failed ? "FAILED" : "n/a";
}

std::string row_of(const Finding& finding, bool colour) {
  const Verdict verdict = finding.outcome.verdict;
  std::string row = fmt::format("{}{:<8}{}{:<21}", colour ? colour_of(verdict) : "",
                                mark_of(verdict), colour ? kPlain : "", finding.rule->id);
  if (verdict == Verdict::not_applicable) return row + finding.outcome.seen + "\n";
  row += std::string(finding.rule->name) + "\n";
  const auto line = [&](std::string_view what, std::string_view text) {
    row += fmt::format("{:29}{:<7} {}\n", "", what, text);
  };
  if (verdict == Verdict::failed) {
    line("seen", finding.outcome.seen);
    line("why", finding.rule->why);
    line("remedy", finding.rule->remedy);
  } else if (!finding.outcome.seen.empty()) {
    line("note", finding.outcome.seen);
  }
  return row;
}

std::string seconds_of(Duration span) {
  return fmt::format("{}.{:03}", span.ms / 1000, span.ms % 1000);
}

std::string case_of(const Report& report, const Finding& finding) {
  std::string open =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{}\"",
                  xml_escaped(report.plugin), finding.rule->id, seconds_of(finding.took));
  const std::string seen = xml_escaped(finding.outcome.seen);
  switch (finding.outcome.verdict) {
    case Verdict::passed: return open + "/>\n";
    case Verdict::failed:
      return open + fmt::format(
                        ">\n      <failure message=\"{}\">{}\n{}\n{}</failure>\n    "
                        "</testcase>\n",
                        seen, xml_escaped(finding.rule->name), xml_escaped(finding.rule->why),
                        xml_escaped(finding.rule->remedy));
    case Verdict::not_applicable: break;
  }
  return open + fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", seen);
}

}  // namespace

size_t Report::count(Verdict verdict) const {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [&](const Finding& one) { return one.outcome.verdict == verdict; }));
}

std::string table_of(const Report& report, bool colour) {
  std::string text = fmt::format("{}  {}\n\n", report.plugin, report.path);
  for (const Finding& finding : report.findings) text += row_of(finding, colour);
  return text + fmt::format("\n{} passed, {} failed, {} not applicable\n",
                            report.count(Verdict::passed), report.count(Verdict::failed),
                            report.count(Verdict::not_applicable));
}

std::string json_of(const Report& report) {
  std::vector<Doc> rules;
  for (const Finding& finding : report.findings)
    rules.push_back(Doc::record({{"id", Doc::text(finding.rule->id)},
                                 {"name", Doc::text(finding.rule->name)},
                                 {"why", Doc::text(finding.rule->why)},
                                 {"remedy", Doc::text(finding.rule->remedy)},
                                 {"verdict", Doc::text(verdict_name(finding.outcome.verdict))},
                                 {"seen", Doc::text(finding.outcome.seen)},
                                 {"took_ms", Doc::integer(finding.took.ms)}}));
  const auto count = [&](Verdict verdict) {
    return Doc::integer(static_cast<int64_t>(report.count(verdict)));
  };
  return to_json(Doc::record({{"plugin", Doc::text(report.plugin)},
                              {"path", Doc::text(report.path)},
                              {"ok", Doc::boolean(report.ok())},
                              {"passed", count(Verdict::passed)},
                              {"failed", count(Verdict::failed)},
                              {"not_applicable", count(Verdict::not_applicable)},
                              {"rules", Doc::list(rules)}}));
}

std::string junit_of(const Report& report) {
  Duration took;
  std::string cases;
  for (const Finding& finding : report.findings) {
    took = took + finding.took;
    cases += case_of(report, finding);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"{}\" "
      "tests=\"{}\" failures=\"{}\" skipped=\"{}\" time=\"{}\">\n{}  </testsuite>\n</testsuites>\n",
      xml_escaped(report.plugin), report.findings.size(), report.count(Verdict::failed),
      report.count(Verdict::not_applicable), seconds_of(took), cases);
}

}  // namespace relance::conformance
