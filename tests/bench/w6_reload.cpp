// W6: a bundle of 100 flows is reloaded, every flow changed, while W1's runs come on a timetable at
// half of what the machine takes. How long a reload takes, and what the runs feel of it: how long
// each waited for its first message, beside the same timetable without reloads.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "bench/bench.h"
#include "bench/load.h"

namespace relance::bench {
namespace {

constexpr size_t kFlows = 100, kWarm = 20'000;
constexpr double kSeconds = 10, kBetween = 1;  // of a timetable; from one reload to the next

// One after the other until the timetable is over; seconds of each.
std::vector<double> reload_until(const std::atomic<bool>& over, Shop& shop, size_t& number) {
  std::vector<double> took;
  while (!over) {
    const double start = wall_seconds();
    if (!shop.reload(++number)) return took;
    took.push_back(wall_seconds() - start);
    nap(kBetween);
  }
  return took;
}

void reloads(Report& report, const Scale& scale) {
  report.bars = {{"reload_s", {Bar::at_most, 1}}};
  const std::string store = "build/bench/w6.db";
  std::filesystem::create_directories("build/bench");
  remove_store(store);
  const auto customers = static_cast<size_t>(100'000 * scale.size);
  ShopOptions options{store, std::max<size_t>(customers, 1000), {}};
  options.more_flows = kFlows - 2;
  size_t next = 0, number = 1;
  for (int i = 0; i < scale.repetitions; ++i) {
    const auto shop = Shop::open(options);
    if (!shop) return;
    const double start = wall_seconds();
    saturate(*shop, next, next + kWarm);
    next += kWarm;
    const double rate = kWarm / (wall_seconds() - start) / 2;
    const auto more = static_cast<size_t>(rate * kSeconds);
    const std::vector<double> calm = timetable(*shop, next, next + more, rate);
    next += more;
    std::atomic<bool> over = false;
    std::vector<double> took;
    std::thread reloading([&] { took = reload_until(over, *shop, number); });
    const std::vector<double> waited = timetable(*shop, next, next + more, rate);
    next += more;
    over = true;
    reloading.join();
    report.add("reload_s", percentile(took, 0.5));
    report.add("slowest_reload_s", percentile(took, 1));
    report.add("runs_per_s", rate);
    report.add("calm_p99_ms", percentile(calm, 0.99));
    report.add("calm_most_ms", percentile(calm, 1));
    report.add("reloading_p99_ms", percentile(waited, 0.99));
    report.add("reloading_most_ms", percentile(waited, 1));
    report.add("memory_mib", memory_mib());
  }
  if (!scale.keep) remove_store(store);
}

const Register w6("W6", "reload of 100 flows while runs come at half of what is possible", reloads);

}  // namespace
}  // namespace relance::bench
