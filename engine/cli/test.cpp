// relance test: the bundle's own flow tests on virtual time.
#include <cstdio>
#include <fstream>

#include "cli/command.h"
#include "sim/flow_test.h"

namespace relance::cli {
namespace {

struct Options {
  std::string bundle, junit;
  FlowTestOptions tests;
  bool json = false;
};

std::string place_of(const Error& error) {
  return error.where.file + ":" + std::to_string(error.where.line);
}

std::string sentence_of(const Error& error) {
  return error.hint.empty() ? error.message : error.message + "; " + error.hint;
}

void tell(const FlowTestResult& result, uint64_t seed) {
  const char* green = colours() ? "\033[32m" : "";
  const char* red = colours() ? "\033[31m" : "";
  const char* plain = colours() ? "\033[0m" : "";
  if (result.passed) {
    std::printf("%sok%s      %s\n", green, plain, result.name.c_str());
  } else {
    std::printf("%sFAILED%s  %s\n        %s: %s\n        seed %llu\n", red, plain,
                result.name.c_str(), place_of(result.error).c_str(),
                sentence_of(result.error).c_str(), static_cast<unsigned long long>(seed));
  }
}

void tell_program(const FlowTestResult& result, uint64_t seed) {
  std::vector<std::pair<std::string, Doc>> fields{
      {"file", Doc::text(result.file)},
      {"name", Doc::text(result.name)},
      {"passed", Doc::boolean(result.passed)},
      {"seed", Doc::integer(static_cast<int64_t>(seed))}};
  if (!result.passed) {
    fields.emplace_back("at", Doc::text(place_of(result.error)));
    fields.emplace_back("message", Doc::text(sentence_of(result.error)));
  }
  std::printf("%s\n", to_json(Doc::record(fields)).c_str());
}

bool write_junit(const std::string& path, const std::vector<FlowTestResult>& results) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << junit_xml(results);
  file.close();
  if (!file.fail()) return true;
  print_error({Code::file_unreadable, "cannot be written", {path, 0}, ""});
  return false;
}

void test(Program& program, const Options& options) {
  const auto library = program.library();
  const auto bundle = load(program, *library, options.bundle, false);
  if (!bundle) return;
  std::vector<FlowTestResult> results;
  const FlowTestSummary summary = run_flow_tests(
      bundle, *library, options.tests, SystemClock(), [&](const FlowTestResult& result) {
        (options.json ? tell_program : tell)(result, options.tests.seed);
        results.push_back(result);
      });
  if (!summary.errors.empty()) {
    print_errors(summary.errors);
    program.exit = kCannotOpen;
    return;
  }
  if (results.empty() && !options.tests.filter.empty()) {
    print_error(
        {Code::usage, "no test's file or name contains '" + options.tests.filter + "'", {}, ""});
    program.exit = kWrongCall;
    return;
  }
  if (!options.json) std::printf("%d passed, %d failed\n", summary.passed, summary.failed);
  program.exit = summary.ok() ? kDone : kProblems;
  if (!options.junit.empty() && !write_junit(options.junit, results)) program.exit = kWrongCall;
}

}  // namespace

void add_test(Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = add_command(program, "test", "the bundle's own flow tests on virtual time",
                                  "relance test flows --filter \"payment recovery\"");
  command->add_option("bundle", options->bundle, "directory with bundle.lua")->required();
  command->add_option("--filter", options->tests.filter,
                      "only tests whose file or name contains this");
  command->add_option("--junit", options->junit, "file for the results as JUnit XML");
  command->add_option("--seed", options->tests.seed, "of chance; a failed test names its own");
  command->add_flag("--json", options->json, "one object a line: file, name, passed, at, message");
  command->callback([&program, options] { test(program, *options); });
}

}  // namespace relance::cli
