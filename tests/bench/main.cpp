// relance_bench [NAME...] [--reps N] [--size X] [--keep]
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "bench/bench.h"

namespace relance::bench {
namespace {

struct Entry {
  std::string name, what;
  Workload workload;
};

std::vector<Entry>& workloads() {
  static std::vector<Entry> all;
  return all;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

std::string numbers(const std::map<std::string, std::vector<double>>& figures) {
  std::string text;
  for (const auto& [name, values] : figures) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    text += fmt::format("{}\"{}\": {{\"median\": {:.6g}, \"min\": {:.6g}, \"max\": {:.6g}}}",
                        text.empty() ? "" : ", ", name, median(values), *low, *high);
  }
  return text;
}

const char* sign(const Bar& bar) { return bar.kind == Bar::at_least ? ">=" : "<="; }

void print(const char* title, const std::map<std::string, std::vector<double>>& figures,
           const std::map<std::string, Bar>& bars) {
  for (const auto& [name, values] : figures) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const std::string range = fmt::format("({:.6g} - {:.6g})", *low, *high);
    std::string judged;
    if (const auto bar = bars.find(name); bar != bars.end())
      judged = fmt::format("bar {} {:g}: {}", sign(bar->second), bar->second.value,
                           bar->second.met(median(values)) ? "met" : "NOT met");
    fmt::print("  {:<8}{:<28}{:>12.6g}   {:<28}{}\n", title, name, median(values), range, judged);
  }
}

std::string bars_json(const Report& report) {
  std::string text;
  for (const auto& [name, bar] : report.bars)
    if (const auto figure = report.figures.find(name); figure != report.figures.end())
      text += fmt::format("{}\"{}\": {{\"{}\": {:g}, \"met\": {}}}", text.empty() ? "" : ", ", name,
                          bar.kind == Bar::at_least ? "at_least" : "at_most", bar.value,
                          bar.met(median(figure->second)));
  return text;
}

void finish(const Report& report) {
  print("", report.figures, report.bars);
  print("limit", report.limits, {});
  std::string ratios;
  for (const auto& [name, of] : report.ratios) {
    const double ratio = median(report.figures.at(of.first)) / median(report.limits.at(of.second));
    fmt::print("  {:<8}{:<28}{:>12.4g}\n", "ratio", name, ratio);
    ratios += fmt::format("{}\"{}\": {:.6g}", ratios.empty() ? "" : ", ", name, ratio);
  }
  std::filesystem::create_directories("build/bench");
  std::ofstream(fmt::format("build/bench/{}.json", report.name)) << fmt::format(
      "{{\"name\": \"{}\", \"machine\": {{\"cores\": {}}}, \"repetitions\": {}, \"figures\": "
      "{{{}}}, \"bars\": {{{}}}, \"limits\": {{{}}}, \"ratios\": {{{}}}}}\n",
      report.name, std::thread::hardware_concurrency(), report.repetitions, numbers(report.figures),
      bars_json(report), numbers(report.limits), ratios);
}

}  // namespace

Register::Register(std::string name, std::string what, Workload workload) {
  workloads().push_back({std::move(name), std::move(what), std::move(workload)});
}

int run(int argc, char** argv) {
  Scale scale;
  std::vector<std::string> names;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--reps" && i + 1 < argc)
      scale.repetitions = std::atoi(argv[++i]);
    else if (word == "--size" && i + 1 < argc)
      scale.size = std::atof(argv[++i]);
    else if (word == "--keep")
      scale.keep = true;
    else
      names.push_back(word);
  }
  auto& all = workloads();
  std::sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  for (const std::string& name : names) {
    const bool known =
        std::any_of(all.begin(), all.end(), [&](const Entry& entry) { return entry.name == name; });
    if (known) continue;
    fmt::print(stderr, "there is no benchmark '{}'; there are:\n", name);
    for (const Entry& entry : all) fmt::print(stderr, "  {}  {}\n", entry.name, entry.what);
    return 2;
  }
  for (const Entry& entry : all) {
    if (!names.empty() && std::find(names.begin(), names.end(), entry.name) == names.end())
      continue;
    fmt::print("{}: {}; median (min - max) of {}\n", entry.name, entry.what, scale.repetitions);
    Report report{entry.name, entry.what, scale.repetitions, {}, {}, {}, {}};
    entry.workload(report, scale);
    finish(report);
  }
  return 0;
}

}  // namespace relance::bench

int main(int argc, char** argv) { return relance::bench::run(argc, argv); }
