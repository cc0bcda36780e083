// isolation: W1's channel in the engine's process, and in one of its own; the same store, the same
// runs.
#include <fmt/format.h>

#include <filesystem>

#include "bench/bench.h"
#include "bench/load.h"

namespace relance::bench {
namespace {

constexpr double kTimetable = 500;  // runs a second, which both can do
constexpr double kSeconds = 10;

void measure(Report& report, const std::string& name, bool isolated, size_t runs) {
  const std::string store = "build/bench/isolation.db";
  remove_store(store);
  ShopOptions options{store, runs, {}};
  options.isolated = isolated;
  if (const auto shop = Shop::open(options)) {
    saturate(*shop, 0, runs / 4);  // until it runs as it goes on
    const double start = wall_seconds(), cpu = cpu_seconds();
    saturate(*shop, runs / 4, runs);
    const auto measured = static_cast<double>(runs - runs / 4);
    report.add(name + ": runs_per_s", measured / (wall_seconds() - start));
    report.add(name + ": engine_cpu_s_per_1000", (cpu_seconds() - cpu) / measured * 1000);
    const auto more = static_cast<size_t>(kTimetable * kSeconds);
    const std::vector<double> waited = timetable(*shop, runs, runs + more, kTimetable);
    report.add(name + ": first_step_p50_ms", percentile(waited, 0.5));
    report.add(name + ": first_step_p99_ms", percentile(waited, 0.99));
  }
  remove_store(store);
}

void isolation(Report& report, const Scale& scale) {
  std::filesystem::create_directories("build/bench");
  const auto runs = std::max<size_t>(2'000, static_cast<size_t>(40'000 * scale.size));
  for (int i = 0; i < scale.repetitions; ++i) {
    measure(report, "in process", false, runs);
    measure(report, "isolated", true, runs);
  }
}

const Register isolated("isolation", "W1's channel in process against isolated", isolation);

}  // namespace
}  // namespace relance::bench
