// W1: one event -> a run of three messages through a channel that answers at once -> completed, on
// SQLite with synchronous=FULL, in a store that already keeps five runs for each of a million
// customers. Closed loop for saturation, then a fixed timetable at half of that rate, where latency
// counts from the instant the event was due.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "bench/bench.h"
#include "bench/load.h"

namespace relance::bench {
namespace {

namespace fs = std::filesystem;

struct Used {
  double wall = wall_seconds(), cpu = cpu_seconds(), written = disk_bytes_written();
  StoreStatistics store;
  explicit Used(Shop& shop) : store(shop.installation().node().store().statistics()) {}
};

void report_saturation(Report& report, const Used& before, const Used& after, double runs) {
  report.add("runs_per_s", runs / (after.wall - before.wall));
  report.add("cpu_s_per_1000", (after.cpu - before.cpu) / runs * 1000);
  report.add("flushes_per_run",
             static_cast<double>(after.store.flushes - before.store.flushes) / runs);
  report.add("kb_written_per_run", (after.written - before.written) / runs / 1000);
  report.add("commits_per_s", static_cast<double>(after.store.commits - before.store.commits) /
                                  (after.wall - before.wall));
  report.add("entries_per_s", static_cast<double>(after.store.entries - before.store.entries) /
                                  (after.wall - before.wall));
}

// A store with `runs` runs that have ended; one that was left by an earlier call is gone on with.
// Returns the first order that is new to it, 0 if it cannot be opened.
size_t fill(const ShopOptions& options, const std::string& store, size_t runs) {
  constexpr size_t kTold = 500'000;
  const auto shop = Shop::open(options);
  if (!shop) return 0;
  const auto entries = shop->installation().node().store().opened().next_position;
  if (entries > runs) return entries;  // a run makes several
  const double start = wall_seconds();
  for (size_t at = 0; at < runs; at += kTold) {
    saturate(*shop, at, std::min(runs, at + kTold));
    fmt::print(stderr, "  {}: {} of {} runs kept after {:.0f} s\n", store,
               std::min(runs, at + kTold), runs, wall_seconds() - start);
  }
  return runs;
}

void runs(Report& report, const Scale& scale) {
  const std::string folder = "build/bench";
  fs::create_directories(folder);
  const std::string store = fmt::format("{}/w1-{}.db", folder, scale.size);
  const auto customers = static_cast<size_t>(1'000'000 * scale.size);
  const auto measured = std::max<size_t>(100'000, static_cast<size_t>(200'000 * scale.size));
  const double half_seconds = 10;
  if (!scale.keep) remove_store(store);
  const ShopOptions options{store, customers, {}};
  size_t next = fill(options, store, 5 * customers);
  if (next == 0) return;
  const size_t first = next;
  for (int i = 0; i < scale.repetitions; ++i) {
    measure_disk(report, folder);
    const auto shop = Shop::open(options);
    if (!shop) return;
    saturate(*shop, next, next + measured / 10);  // until it runs as it goes on
    next += measured / 10;
    const Used before(*shop);
    saturate(*shop, next, next + measured);
    next += measured;
    report_saturation(report, before, Used(*shop), static_cast<double>(measured));
    const double rate = report.figures["runs_per_s"].back() / 2;
    const auto more = static_cast<size_t>(rate * half_seconds);
    const std::vector<double> waited = timetable(*shop, next, next + more, rate);
    next += more;
    report.add("first_step_p50_ms", percentile(waited, 0.5));
    report.add("first_step_p99_ms", percentile(waited, 0.99));
  }
  report.add("peak_memory_mib", peak_memory_mib());
  if (!scale.keep)
    report.add("bytes_kept_per_run",
               store_bytes(store) / static_cast<double>(5 * customers + next - first));
  if (!scale.keep) remove_store(store);
  report.bars = {
      {"runs_per_s", {Bar::at_least, 12'000}},       {"cpu_s_per_1000", {Bar::at_most, 0.09}},
      {"flushes_per_run", {Bar::at_most, 0.02}},     {"kb_written_per_run", {Bar::at_most, 20}},
      {"bytes_kept_per_run", {Bar::at_most, 1'200}}, {"peak_memory_mib", {Bar::at_most, 100}},
      {"first_step_p50_ms", {Bar::at_most, 0.8}},    {"first_step_p99_ms", {Bar::at_most, 8}}};
  report.ratios["flushes used of the disk's"] = {"commits_per_s", "flushes_per_s"};
  report.ratios["entries kept of SQLite's rows"] = {"entries_per_s", "sqlite_rows_per_s"};
}

const Register w1("W1", "an event, three messages, done; every step durable first", runs);

}  // namespace
}  // namespace relance::bench
