// What the machine itself can do, and what this process used.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "bench/bench.h"

namespace relance::bench {
namespace {

constexpr double kSpan = 1.0;  // seconds a limit is measured

double flushes_per_second(const std::string& path) {
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_APPEND, 0600);
  const std::string block(4096, 'x');
  const double start = wall_seconds();
  int count = 0;
  while (wall_seconds() - start < kSpan) {
    if (write(file, block.data(), block.size()) < 0 || fdatasync(file) != 0) break;
    ++count;
  }
  close(file);
  return count / (wall_seconds() - start);
}

double rows_per_second(const std::string& path) {
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  const auto run = [&](const char* sql) { sqlite3_exec(db, sql, nullptr, nullptr, nullptr); };
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(k INTEGER PRIMARY KEY, v "
      "BLOB)");
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO t(v) VALUES (?)", -1, &insert, nullptr);
  const std::string value(140, 'x');
  const double start = wall_seconds();
  int count = 0;
  while (wall_seconds() - start < kSpan) {
    run("BEGIN");
    for (int i = 0; i < 100; ++i, ++count) {
      sqlite3_bind_blob(insert, 1, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
      sqlite3_step(insert);
      sqlite3_reset(insert);
    }
    run("COMMIT");
  }
  const double rate = count / (wall_seconds() - start);
  sqlite3_finalize(insert);
  sqlite3_close(db);
  return rate;
}

}  // namespace

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double wall_seconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double peak_memory_mib() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) / 1024;
}

double memory_mib() {
  std::ifstream statm("/proc/self/statm");
  double all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

void nap(double seconds) {
  const auto ns = static_cast<int64_t>(seconds * 1e9);
  const timespec span{ns / 1'000'000'000, ns % 1'000'000'000};
  nanosleep(&span, nullptr);
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1))];
}

double store_bytes(const std::string& path) {
  double bytes = 0;
  for (const char* end : {"", "-wal"})
    if (std::filesystem::exists(path + end))
      bytes += static_cast<double>(std::filesystem::file_size(path + end));
  return bytes;
}

void remove_store(const std::string& path) {
  for (const char* end : {"", "-wal", "-shm", "-lock", "-marks", "-reserve"})
    std::filesystem::remove(path + end);
}

double disk_bytes_written() {
  std::ifstream io("/proc/self/io");
  std::string name;
  double bytes = 0;
  while (io >> name >> bytes)
    if (name == "write_bytes:") return bytes;
  return 0;
}

void measure_disk(Report& report, const std::string& directory) {
  const std::string flush = directory + "/flush", rows = directory + "/rows.db";
  report.limits["flushes_per_s"].push_back(flushes_per_second(flush));
  report.limits["sqlite_rows_per_s"].push_back(rows_per_second(rows));
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(rows + end);
  std::filesystem::remove(flush);
}

}  // namespace relance::bench
