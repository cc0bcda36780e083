// Of the process, from /proc/self, under the names that Prometheus' own libraries use.
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "serve/node_figures.h"

namespace relance {
namespace {

double resident_bytes() {
  std::ifstream file("/proc/self/statm");  // pages: all, resident, ...
  uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double open_files() {
  std::error_code unreadable;
  size_t count = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", unreadable), end;
       !unreadable && it != end; it.increment(unreadable))
    ++count;
  return static_cast<double>(count);
}

double most_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void add_process(Families& all) {
  gauge(all, "process_resident_memory_bytes", "Memory of the process.").is(resident_bytes());
  counter(all, "process_cpu_seconds_total", "Processor time used.").is(processor_seconds());
  gauge(all, "process_open_fds", "Open files and connections.").is(open_files());
  gauge(all, "process_max_fds", "How many it may have.").is(most_files());
}

}  // namespace relance
