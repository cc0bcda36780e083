// What stays behind after many rounds of create, work and destroy.
#include <algorithm>

#include "base/clock.h"
#include "plugins/check/leftovers.h"
#include "plugins/check/tests.h"
#include "plugins/check/trial.h"

namespace relance::conformance {
namespace {

constexpr int kWarmUp = 20;          // caches fill once
constexpr int kRounds = 100;         // measured twice: what grows in both grows for ever
constexpr int kLeastRounds = 10;     // of an instance that is slow
constexpr int64_t kBudgetMs = 6000;  // for those after the warm-up
constexpr int64_t kLeastLeak = 8;    // bytes a round

// One life of an instance, with each operation once.
void live(Bench& bench, const std::vector<Drive>& all) {
  Stage stage(bench);
  if (!stage.ready()) return;
  for (const Drive& drive : all)
    if (drive.begin) drive.begin(stage, stage.next_op());
  stage.host().run_for(kHourMs);
}

struct Growth {
  std::string problem;
  int rounds = kRounds;  // of each measurement
  Holdings before, middle, after;
};

Growth grow(Bench& bench) {
  Growth growth;
  {
    Stage stage(bench);
    growth.problem = stage.problem();
  }
  if (!growth.problem.empty()) return growth;
  const std::vector<Drive> all = drives(bench);
  const auto rounds = [&](int count) {
    for (int i = 0; i < count; ++i) live(bench, all);
    return holdings();
  };
  bench.doing("many rounds of create, work and destroy");
  const Duration began = SystemClock().since_boot();
  growth.before = rounds(kWarmUp);
  const int64_t one_ms = (SystemClock().since_boot() - began).ms / kWarmUp + 1;
  growth.rounds =
      static_cast<int>(std::clamp<int64_t>(kBudgetMs / 2 / one_ms, kLeastRounds, kRounds));
  growth.middle = rounds(growth.rounds);
  growth.after = rounds(growth.rounds);
  return growth;
}

size_t instances(const Growth& growth) { return static_cast<size_t>(kWarmUp + 2 * growth.rounds); }

}  // namespace

Outcome test_no_threads_left(Bench& bench) {
  const Growth growth = grow(bench);
  if (!growth.problem.empty()) return not_applicable(growth.problem);
  if (growth.after.threads == 1) return passed();
  return failed(std::to_string(growth.after.threads - 1) + " threads are left after " +
                std::to_string(instances(growth)) + " instances");
}

Outcome test_no_files_left(Bench& bench) {
  const Growth growth = grow(bench);
  if (!growth.problem.empty()) return not_applicable(growth.problem);
  if (growth.after.files <= growth.middle.files || growth.middle.files <= growth.before.files)
    return passed();
  return failed(std::to_string(growth.after.files - growth.before.files) +
                " file descriptors more after " + std::to_string(2 * growth.rounds) + " instances");
}

Outcome test_no_memory_left(Bench& bench) {
  const Growth growth = grow(bench);
  if (!growth.problem.empty()) return not_applicable(growth.problem);
  if (growth.after.threads > 1) return not_applicable("its threads are left");
  const int64_t first = growth.middle.heap_bytes - growth.before.heap_bytes;
  const int64_t second = growth.after.heap_bytes - growth.middle.heap_bytes;
  if (first < kLeastLeak * growth.rounds || second < kLeastLeak * growth.rounds) return passed();
  return failed(std::to_string(second / growth.rounds) +
                " bytes are left by each instance and its operations");
}

}  // namespace relance::conformance
