// W6: a bundle of 100 flows is reloaded, every flow changed, while W1's runs come on a timetable at
// half of what the machine takes. How long a reload takes, and what the runs feel of it: for how
// long none of them got on while one was under way, beside the same timetable without reloads.
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

struct Span {
  double from, to;
};

// One after the other until the timetable is over.
std::vector<Span> reload_until(const std::atomic<bool>& over, Shop& shop, size_t& number) {
  std::vector<Span> reloads;
  while (!over) {
    const double start = wall_seconds();
    if (!shop.reload(++number)) return reloads;
    reloads.push_back({start, wall_seconds()});
    nap(kBetween);
  }
  return reloads;
}

struct Timetable {
  double began;
  std::vector<double> waited_ms, sent_at;  // sent_at: of each run's first message, in order
};

Timetable run_timetable(Shop& shop, size_t& next, double rate) {
  const auto more = static_cast<size_t>(rate * kSeconds);
  Timetable table{wall_seconds(), timetable(shop, next, next + more, rate), {}};
  for (size_t i = next; i < next + more; ++i)
    table.sent_at.push_back(static_cast<double>(shop.first_step_at(i)) / 1e9);
  std::sort(table.sent_at.begin(), table.sent_at.end());
  next += more;
  return table;
}

// For how long, at most, no first message was sent, in each of these spans.
std::vector<double> pauses_ms(const std::vector<double>& sent_at, const std::vector<Span>& spans,
                              double later) {
  std::vector<double> pauses;
  for (const Span& span : spans) {
    auto at = std::upper_bound(sent_at.begin(), sent_at.end(), span.from + later);
    if (at != sent_at.begin()) --at;
    double longest = 0;
    for (; at != sent_at.end() && at + 1 != sent_at.end() && *at < span.to + later; ++at)
      longest = std::max(longest, *(at + 1) - *at);
    pauses.push_back(longest * 1e3);
  }
  return pauses;
}

void report_reloads(Report& report, const std::vector<Span>& reloads, const Timetable& calm,
                    const Timetable& busy) {
  std::vector<double> took;
  for (const Span& span : reloads) took.push_back(span.to - span.from);
  report.add("reload_s", percentile(took, 0.5));
  report.add("slowest_reload_s", percentile(took, 1));
  for (const auto& [name, table] : {std::pair{"calm", &calm}, std::pair{"reloading", &busy}}) {
    const auto pauses = pauses_ms(table->sent_at, reloads, table->began - busy.began);
    report.add(fmt::format("{}_pause_ms", name), percentile(pauses, 0.5));
    report.add(fmt::format("{}_longest_pause_ms", name), percentile(pauses, 1));
    report.add(fmt::format("{}_p99_ms", name), percentile(table->waited_ms, 0.99));
  }
}

void reloads(Report& report, const Scale& scale) {
  report.bars = {{"reload_s", {Bar::at_most, 1}}, {"reloading_pause_ms", {Bar::at_most, 10}}};
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
    const Timetable calm = run_timetable(*shop, next, rate);
    std::atomic<bool> over = false;
    std::vector<Span> took;
    std::thread reloading([&] { took = reload_until(over, *shop, number); });
    const Timetable busy = run_timetable(*shop, next, rate);
    over = true;
    reloading.join();
    report.add("runs_per_s", rate);
    report_reloads(report, took, calm, busy);
    report.add("memory_mib", memory_mib());
  }
  if (!scale.keep) remove_store(store);
}

const Register w6("W6", "reload of 100 flows while runs come at half of what is possible", reloads);

}  // namespace
}  // namespace relance::bench
