// W2: runs that each wait a day. How fast they are taken, what each costs on disk and in memory,
// how soon the store can be used again with all of them waiting, and what the waiting itself costs.
// W3: 200 orders a second while 100,000 wait.
#include <fmt/format.h>

#include <atomic>
#include <filesystem>

#include "bench/bench.h"
#include "bench/load.h"

namespace relance::bench {
namespace {

namespace fs = std::filesystem;

std::string fresh_store(const char* name) {
  fs::create_directories("build/bench");
  std::string store = fmt::format("build/bench/{}.db", name);
  remove_store(store);
  return store;
}

// Takes waits [from, to); returns when all are acknowledged.
void take_waits(Shop& shop, size_t from, size_t to) {
  std::atomic<size_t> kept = 0;
  for (size_t i = from; i < to; ++i)
    shop.leave_cart(i, [&](Accepted how) { kept += how == Accepted::kept; });
  while (kept < to - from) nap(1e-3);
}

double idle_cores() {
  constexpr double kWatched = 5;
  nap(3);  // what was written last is merged
  const double before = cpu_seconds();
  nap(kWatched);
  return (cpu_seconds() - before) / kWatched;
}

// From the opening until an order is acknowledged.
double usable_after(const ShopOptions& options, size_t order) {
  const double start = wall_seconds();
  const auto shop = Shop::open(options);
  if (!shop) return -1;
  std::atomic<bool> done = false;
  shop->place_order(order, [&](Accepted) { done = true; });
  while (!done) nap(1e-4);
  return wall_seconds() - start;
}

void waits(Report& report, const Scale& scale) {
  report.bars = {{"waits_per_s_to_1m", {Bar::at_least, 20'000}},
                 {"disk_bytes_per_wait", {Bar::at_most, 450}},
                 {"memory_bytes_per_wait_more", {Bar::at_most, 0}},
                 {"usable_after_s", {Bar::at_most, 0.6}},
                 {"idle_cores", {Bar::at_most, 0.005}}};
  const auto some = static_cast<size_t>(100'000 * scale.size), all = 10 * some;
  for (int i = 0; i < scale.repetitions; ++i) {
    const ShopOptions options{fresh_store("w2"), all, {}};
    measure_disk(report, "build/bench");
    {
      const auto shop = Shop::open(options);
      if (!shop) return;
      const double start = wall_seconds();
      take_waits(*shop, 0, some);
      const double tenth = wall_seconds();
      report.add("waits_per_s_to_100k", static_cast<double>(some) / (tenth - start));
      const double memory = memory_mib();
      take_waits(*shop, some, all);
      const double end = wall_seconds();
      report.add("waits_per_s_to_1m", static_cast<double>(all) / (end - start));
      report.add("waits_per_s_last_900k", static_cast<double>(all - some) / (end - tenth));
      report.add("memory_bytes_per_wait_more",
                 (memory_mib() - memory) * (1 << 20) / static_cast<double>(all - some));
      report.add("idle_cores", idle_cores());
    }
    report.add("disk_bytes_per_wait", store_bytes(options.store) / static_cast<double>(all));
    report.add("usable_after_s", usable_after(options, i));
    remove_store(options.store);
  }
}

void orders_beside(Report& report, const Scale& scale) {
  report.bars = {{"first_step_p50_ms", {Bar::at_most, 0.6}},
                 {"first_step_p99_ms", {Bar::at_most, 3}}};
  const auto waiting = static_cast<size_t>(100'000 * scale.size);
  constexpr double kRate = 200, kSeconds = 15;
  for (int i = 0; i < scale.repetitions; ++i) {
    const ShopOptions options{fresh_store("w3"), waiting, {}};
    const auto shop = Shop::open(options);
    if (!shop) return;
    take_waits(*shop, 0, waiting);
    timetable(*shop, 0, 200, kRate);  // the first second is not counted
    const double cpu = cpu_seconds(), wall = wall_seconds();
    const auto last = static_cast<size_t>(200 + kRate * kSeconds);
    const std::vector<double> waited = timetable(*shop, 200, last, kRate);
    report.add("cores", (cpu_seconds() - cpu) / (wall_seconds() - wall));
    report.add("first_step_p50_ms", percentile(waited, 0.5));
    report.add("first_step_p99_ms", percentile(waited, 0.99));
  }
  remove_store("build/bench/w3.db");
}

const Register w2("W2", "a million runs that wait a day", waits);
const Register w3("W3", "200 orders a second while 100,000 runs wait", orders_beside);

}  // namespace
}  // namespace relance::bench
