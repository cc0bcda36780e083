// Time, chance, threads and the environment have one home each; this table is the only list of
// them.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "tidy/source_tree.h"

using namespace tidy;

namespace {

struct Home {
  std::string path;  // a file, or a folder with its slash
  std::string reason;
};

struct Banned {
  std::string what;
  std::vector<const char*> signs;  // one stands in every such line: quicker to look for
  std::regex call;
  std::vector<Home> homes;
};

const std::vector<Banned>& banned() {
  static const std::vector<Banned> rules = {
      {"the machine's clock: take a Clock",
       {"clock", "time"},
       std::regex(R"(system_clock::now|steady_clock::now|high_resolution_clock|\bclock_gettime\()"
                  R"(|\bgettimeofday\(|\btime\((nullptr|NULL|0|&))"),
       {{"engine/base/clock.cpp", "SystemClock: the seam itself"},
        {"tests/bench/", "benchmarks measure the machine"},
        {"tests/faults/faults.c", "stands in for the clock of a child"}}},
      {"chance: take a Random, or unit_hash",
       {"rand"},
       std::regex(R"(\bs?rand\(|\brandom_device\b|\bgetrandom\()"),
       {{"engine/base/random.cpp", "SystemRandom: the seam itself"}}},
      {"a thread of its own: give the work to the node's arena",
       {"thread", "async"},
       std::regex(R"(\bstd::j?thread\b|\bpthread_create\(|\bstd::async\()"),
       {{"engine/node/", "the committer and the workers' arena"},
        {"engine/net/", "the one thread of the transfer loop"},
        {"engine/plugins/isolation/", "listens to a plugin's process; and the reader in there"},
        {"engine/plugins/check/", "a reply that comes while the plugin's call still runs"},
        {"engine/serve/admin.", "what an operator changes is made beside everything that runs"},
        {"plugins/crm/sql/worker.h", "a database makes its caller wait"},
        {"tests/", "tests of what may be called from any thread"}}},
      {"the environment: take a Process",
       {"env"},
       std::regex(R"(\b(secure_)?getenv\(|\bsetenv\(|\bputenv\(|\benviron\b)"),
       {{"engine/base/process.cpp", "SystemProcess: the seam itself"},
        {"tests/faults/faults.c", "is told by its environment what fails"},
        {"tests/isolation/rough.c", "looks whether an isolated plugin has one"},
        {"tests/scenarios/child_process.cpp", "a child that is killed inherits its test's"}}},
      {"waiting: time is virtual, and workers sleep on a condition",
       {"sleep"},
       std::regex(R"(\bsleep_(for|until)\(|\b(u|nano)?sleep\()"),
       {{"tests/bench/measure.cpp", "a load generator keeps to its timetable"}}},
  };
  return rules;
}

bool calls(const std::string& line, const Banned& rule) {
  return std::any_of(rule.signs.begin(), rule.signs.end(),
                     [&](const char* sign) { return line.find(sign) != std::string::npos; }) &&
         std::regex_search(line, rule.call);
}

bool at_home(const File& file, const Banned& rule) {
  for (const Home& home : rule.homes) {
    if (file.below(home.path)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("nothing goes round the seams") {
  for (const File& file : files()) {
    for (const Banned& rule : banned()) {
      if (at_home(file, rule)) continue;
      for (size_t n = 0; n < file.code.size(); ++n) {
        if (calls(file.code[n], rule)) report(file, n + 1, rule.what);
      }
    }
  }
}

TEST_CASE("every exception to the seams is still needed") {
  for (const Banned& rule : banned()) {
    for (const Home& home : rule.homes) {
      bool used = false;
      for (const File& file : files()) {
        if (!file.below(home.path)) continue;
        for (const std::string& line : file.code) used = used || calls(line, rule);
      }
      INFO(home.path << " (" << home.reason << ") no longer uses it: " << rule.what);
      CHECK(used);
    }
  }
}
