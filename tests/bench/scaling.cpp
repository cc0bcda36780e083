// scaling: W1 as in-flight runs, shards, workers and waiting runs grow, each alone, and a plot of
// it in build/bench/scaling.svg.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>

#include "bench/bench.h"
#include "bench/load.h"

namespace relance::bench {
namespace {

struct Setting {
  size_t in_flight = kInFlight, waiting = 0;
  int shards = 16, workers = 0;
};

struct Panel {
  std::string what;
  std::vector<std::pair<std::string, double>> points;  // setting, runs a second
};

double runs_per_second(const Setting& setting, size_t runs) {
  const std::string store = "build/bench/scaling.db";
  remove_store(store);
  ShopOptions options{store, runs, {}};
  options.node.shards = setting.shards;
  options.node.workers = setting.workers;
  double rate = 0;
  if (const auto shop = Shop::open(options)) {
    std::atomic<size_t> kept = 0;
    for (size_t i = 0; i < setting.waiting; ++i) shop->leave_cart(i, [&](Accepted) { ++kept; });
    while (kept < setting.waiting) nap(1e-3);
    saturate(*shop, 0, runs / 4, setting.in_flight);
    const double start = wall_seconds();
    saturate(*shop, runs / 4, runs, setting.in_flight);
    rate = static_cast<double>(runs - runs / 4) / (wall_seconds() - start);
  }
  remove_store(store);
  return rate;
}

std::string draw(const Panel& panel, double left, double most) {
  constexpr double kWide = 250, kHigh = 180, kTop = 50;
  const auto x = [&](size_t i) {
    return left + kWide * (static_cast<double>(i) + 0.5) / static_cast<double>(panel.points.size());
  };
  const auto y = [&](double rate) { return kTop + kHigh * (1 - rate / most); };
  std::string line, marks;
  for (size_t i = 0; i < panel.points.size(); ++i) {
    const auto& [name, rate] = panel.points[i];
    line += fmt::format("{:.0f},{:.0f} ", x(i), y(rate));
    marks +=
        fmt::format(R"(<circle cx="{0:.0f}" cy="{1:.0f}" r="3" fill="#0b6"/>)"
                    R"(<text x="{0:.0f}" y="{2:.0f}" text-anchor="middle">{3:.0f}</text>)"
                    R"(<text x="{0:.0f}" y="{4:.0f}" text-anchor="middle" fill="#666">{5}</text>)"
                    "\n",
                    x(i), y(rate), y(rate) - 8, rate, kTop + kHigh + 18, name);
  }
  return fmt::format(R"(<text x="{0:.0f}" y="24" font-weight="bold">{1}</text>)"
                     R"(<path d="M{0:.0f},{2:.0f}h{3:.0f}" stroke="#999"/>)"
                     R"(<polyline points="{4}" fill="none" stroke="#0b6" stroke-width="2"/>)"
                     "\n{5}",
                     left, panel.what, kTop + kHigh, kWide, line, marks);
}

void plot(const std::vector<Panel>& panels) {
  double most = 1;
  for (const Panel& panel : panels)
    for (const auto& [name, rate] : panel.points) most = std::max(most, rate);
  std::string body;
  for (size_t i = 0; i < panels.size(); ++i)
    body += draw(panels[i], 20 + 280 * static_cast<double>(i), most);
  std::ofstream("build/bench/scaling.svg") << fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="270" viewBox="0 0 {0} 270" )"
      R"(font-family="sans-serif" font-size="11">)"
      R"(<rect width="100%" height="100%" fill="white"/>)"
      "\n{1}</svg>\n",
      20 + 280 * panels.size(), body);
}

void scaling(Report& report, const Scale& scale) {
  std::filesystem::create_directories("build/bench");
  const auto runs = std::max<size_t>(2'000, static_cast<size_t>(40'000 * scale.size));
  std::vector<Panel> panels;
  const auto add = [&](const std::string& what, std::initializer_list<size_t> values, auto set) {
    Panel& panel = panels.emplace_back(Panel{"runs/s by " + what, {}});
    for (const size_t value : values) {
      Setting setting;
      set(setting, value);
      const size_t few = setting.in_flight < 64 ? runs / 10 : runs;
      const double rate = runs_per_second(setting, few);
      panel.points.emplace_back(std::to_string(value), rate);
      report.add(fmt::format("{} = {}", what, value), rate);
    }
  };
  add("in flight", {1, 16, 64, 256, 1024, 4096}, [](Setting& s, size_t n) { s.in_flight = n; });
  add("shards", {1, 4, 16, 64}, [](Setting& s, size_t n) { s.shards = static_cast<int>(n); });
  add("workers", {1, 2, 3}, [](Setting& s, size_t n) { s.workers = static_cast<int>(n); });
  add("waiting runs", {0, 10'000, 100'000, 1'000'000}, [&](Setting& s, size_t n) {
    s.waiting = static_cast<size_t>(n * std::min(1.0, scale.size));
  });
  plot(panels);
  fmt::print("  plot: build/bench/scaling.svg\n");
}

const Register scaling_("scaling", "W1 as one thing at a time grows; once", scaling);

}  // namespace
}  // namespace relance::bench
