// A benchmark: runs a workload several times, reports median (min-max) beside the machine's own
// limits, as a table and as build/bench/NAME.json. Benchmarks report; they never fail because
// something was slow.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace relance::bench {

// What a figure should reach, at the workload's full size.
struct Bar {
  enum Kind { at_least, at_most } kind;
  double value;
  bool met(double figure) const { return kind == at_least ? figure >= value : figure <= value; }
};

struct Report {
  std::string name, what;
  int repetitions = 0;
  std::map<std::string, std::vector<double>> figures;  // one value a repetition
  std::map<std::string, std::vector<double>> limits;   // of the machine, measured in the same run
  std::map<std::string, std::pair<std::string, std::string>> ratios;  // name -> figure, limit
  std::map<std::string, Bar> bars;                                    // of figures

  void add(const std::string& figure, double value) { figures[figure].push_back(value); }
};

struct Scale {
  int repetitions = 3;
  double size = 1;    // of the workload: 1 is what docs/reference/benchmarks.md says
  bool keep = false;  // leave the stores, to be looked at; W1 goes on with the one it finds
};

using Workload = std::function<void(Report&, const Scale&)>;
// Adds a workload to the program; called before main.
struct Register {
  Register(std::string name, std::string what, Workload workload);
};

double cpu_seconds();  // of this process, user and system
double wall_seconds();
double peak_memory_mib();
double memory_mib();  // now
void nap(double seconds);
double percentile(std::vector<double> values, double share);
// Of a store with its log.
double store_bytes(const std::string& path);
void remove_store(const std::string& path);
double disk_bytes_written();  // by this process, as the kernel counts them

// Flushes of a 4 KiB append per second, and rows a second that SQLite takes with synchronous=FULL,
// 100 a transaction.
void measure_disk(Report& report, const std::string& directory);

}  // namespace relance::bench
