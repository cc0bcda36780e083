// Time, chance, threads and the environment have one home each; this table is the only list of
// them.
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
  std::regex call;
  std::vector<Home> homes;
};

const std::vector<Banned>& banned() {
  static const std::vector<Banned> rules = {
      {"the machine's clock: take a Clock",
       std::regex(R"(system_clock::now|steady_clock::now|high_resolution_clock|\bclock_gettime\()"
                  R"(|\bgettimeofday\(|\btime\((nullptr|NULL|0|&))"),
       {{"engine/base/clock.cpp", "SystemClock: the seam itself"},
        {"tests/bench/", "benchmarks measure the machine"}}},
      {"chance: take a Random, or unit_hash",
       std::regex(R"(\bs?rand\(|\brandom_device\b|\bgetrandom\()"),
       {{"engine/base/random.cpp", "SystemRandom: the seam itself"}}},
      {"a thread of its own: give the work to the node's arena",
       std::regex(R"(\bstd::j?thread\b|\bpthread_create\(|\bstd::async\()"),
       {{"engine/node/", "the committer and the workers' arena"},
        {"engine/net/", "the one thread of the transfer loop"},
        {"tests/", "tests of what may be called from any thread"}}},
      {"the environment: take a Process",
       std::regex(R"(\b(secure_)?getenv\(|\bsetenv\(|\bputenv\(|\benviron\b)"),
       {{"engine/base/process.cpp", "SystemProcess: the seam itself"},
        {"tests/scenarios/child_process.cpp", "a child that is killed inherits its test's"}}},
      {"waiting: time is virtual, and workers sleep on a condition",
       std::regex(R"(\bsleep_(for|until)\(|\b(u|nano)?sleep\()"),
       {}},
  };
  return rules;
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
        if (std::regex_search(file.code[n], rule.call)) report(file, n + 1, rule.what);
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
        for (const std::string& line : file.code) used = used || std::regex_search(line, rule.call);
      }
      INFO(home.path << " (" << home.reason << ") no longer uses it: " << rule.what);
      CHECK(used);
    }
  }
}
