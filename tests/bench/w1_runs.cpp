// W1: one event -> a run of three messages through a channel that answers at once -> completed, on
// SQLite with synchronous=FULL. Closed loop for saturation, then a fixed timetable at half of that
// rate, where latency counts from the instant the event was due.
#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "bench/bench.h"
#include "bench/shop.h"

namespace relance::bench {
namespace {

namespace fs = std::filesystem;

constexpr size_t kInFlight = 4096;

void nap(int64_t ns) {
  const timespec span{ns / 1'000'000'000, ns % 1'000'000'000};
  nanosleep(&span, nullptr);
}

int64_t now_ns() { return static_cast<int64_t>(wall_seconds() * 1e9); }

// Places orders [from, to) as fast as they are worked.
void saturate(Shop& shop, size_t from, size_t to) {
  const uint64_t before = shop.ended();
  for (size_t i = from; i < to; ++i) {
    while (i - from - (shop.ended() - before) >= kInFlight) nap(200'000);
    shop.place_order(i);
  }
  while (shop.ended() - before < to - from) nap(200'000);
}

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

double percentile(std::vector<double>& sorted, double share) {
  return sorted.empty() ? 0 : sorted[static_cast<size_t>(share * (sorted.size() - 1))];
}

// Places orders [from, to) at `rate` a second, whatever becomes of them.
void half_load(Report& report, Shop& shop, size_t from, size_t to, double rate) {
  const int64_t start = now_ns();
  const uint64_t before = shop.ended();
  const auto due = [&](size_t i) {
    return start + static_cast<int64_t>(static_cast<double>(i - from) * 1e9 / rate);
  };
  for (size_t i = from; i < to; ++i) {
    if (const int64_t early = due(i) - now_ns(); early > 0) nap(early);
    shop.place_order(i);
  }
  while (shop.ended() - before < to - from) nap(1'000'000);
  std::vector<double> waited;
  for (size_t i = from; i < to; ++i)
    waited.push_back(static_cast<double>(shop.first_step_at(i) - due(i)) / 1e6);
  std::sort(waited.begin(), waited.end());
  report.add("first_step_p50_ms", percentile(waited, 0.5));
  report.add("first_step_p99_ms", percentile(waited, 0.99));
}

void runs(Report& report, const Scale& scale) {
  const std::string folder = "build/bench/w1-" + std::to_string(getpid());
  fs::create_directories(folder);
  const auto customers = static_cast<size_t>(100'000 * scale.size);
  const auto measured = static_cast<size_t>(200'000 * scale.size);
  const double half_seconds = 10 * scale.size;
  for (int i = 0; i < scale.repetitions; ++i) {
    measure_disk(report, folder);
    const std::string store = fmt::format("{}/{}.db", folder, i);
    ShopOptions options{store, customers, customers + measured + 500'000, false, {}};
    size_t next = 0;
    {
      const auto shop = Shop::open(options);
      if (!shop) return;
      saturate(*shop, 0, customers);  // whom the shop knows, it need not ask about
      next = customers;
      const Used before(*shop);
      saturate(*shop, next, next + measured);
      next += measured;
      const Used after(*shop);
      report_saturation(report, before, after, static_cast<double>(measured));
      const double rate = report.figures["runs_per_s"].back() / 2;
      const auto more = static_cast<size_t>(rate * half_seconds);
      half_load(report, *shop, next, std::min(next + more, options.most_runs), rate);
      next = std::min(next + more, options.most_runs);
      report.add("peak_memory_mib", peak_memory_mib());
    }
    double kept = 0;
    for (const char* end : {"", "-wal"})
      if (fs::exists(store + end)) kept += static_cast<double>(fs::file_size(store + end));
    report.add("bytes_kept_per_run", kept / static_cast<double>(next));
    if (scale.keep)
      fmt::print("  kept: {}\n", store);
    else
      for (const char* end : {"", "-wal", "-shm", "-lock", "-marks"}) fs::remove(store + end);
  }
  if (!scale.keep) fs::remove_all(folder);
  report.ratios["flushes used of the disk's"] = {"commits_per_s", "flushes_per_s"};
  report.ratios["entries kept of SQLite's rows"] = {"entries_per_s", "sqlite_rows_per_s"};
}

const Register w1("W1", "an event, three messages, done; every step durable first", runs);

}  // namespace
}  // namespace relance::bench
