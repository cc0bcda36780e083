// The child's side of the runner: one rule, one line with what was found.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "base/text.h"
#include "plugins/check/bench.h"

namespace relance::conformance {
namespace {

constexpr size_t kLongest = 400;  // of what was seen

Outcome outcome_of(Bench& bench, const Rule& rule) {
  const std::string& problem = bench.plugin().problem;
  if (rule.needs != Needs::nothing && !problem.empty()) {
    const bool threw = problem.find("threw") != std::string::npos;
    return threw && rule.id == "no_exception" ? failed(problem)
                                              : not_applicable("it cannot be used: " + problem);
  }
  if (rule.needs == Needs::configuration && !bench.config_problem().empty())
    return not_applicable("no configuration is accepted: --config FILE");
  return rule.test(bench);
}

std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\r') c = ' ';
  return shortened(repaired_utf8(text), kLongest);
}

}  // namespace

void judge(const Subject& subject, std::string_view id, int pipe) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  fcntl(pipe, F_SETFD, FD_CLOEXEC);
  const Rule* rule = find_rule(id);
  if (!rule) std::_Exit(2);
  Outcome outcome;
  {
    Bench bench(subject, pipe);
    outcome = outcome_of(bench, *rule);
  }
  const std::string line =
      "found " + std::string(verdict_name(outcome.verdict)) + " " + one_line(outcome.seen) + "\n";
  const ssize_t written = write(pipe, line.data(), line.size());
  // No destructors of the plugin's statics: they belong to no rule.
  std::_Exit(written == static_cast<ssize_t>(line.size()) ? 0 : 3);
}

}  // namespace relance::conformance
