// relance-sim: runs seeds of the deterministic simulation.
//
//   relance-sim --seed N [--seeds COUNT] [--minutes M] [--jobs J] [--verbose]
//   relance-sim --list FILE       seeds that once failed, one a line
//
// Exit code 1: a seed failed. It is printed with its commit, its oracle and the last moments of its
// story; `relance-sim --seed N` tells the same story again, bit by bit.
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fstream>

#include "sim/world/simulation.h"

using namespace relance;

namespace {

struct Wanted {
  uint64_t seed = 1, seeds = 1;
  double minutes = 0;
  int jobs = 1;
  bool verbose = false;
  std::string list;
};

struct Totals {
  uint64_t seeds = 0, failed = 0, lives = 0, events = 0, touches = 0, acts = 0, entries = 0;
  double simulated_days = 0;

  void add(const Outcome& outcome) {
    ++seeds;
    failed += !outcome.passed();
    lives += outcome.lives;
    events += outcome.events;
    touches += outcome.touches;
    acts += outcome.acts;
    entries += outcome.entries;
    simulated_days += static_cast<double>(outcome.simulated.ms) / 86'400'000;
  }
};

// Memory with a path: crash marks of a machine that exists only here.
std::string marks_file() {
  const int file = memfd_create("relance-sim-marks", 0);
  return file < 0 ? std::string() : fmt::format("/proc/self/fd/{}", file);
}

// What the engine logs is of interest only where it ends in an assertion.
int log_file = -1;
volatile uint64_t running_seed = 0;

void tell_assertion(int) {
  char tail[1024];
  const off_t end = lseek(log_file, 0, SEEK_END);
  const off_t from = std::max<off_t>(0, end - static_cast<off_t>(sizeof tail));
  const ssize_t count = pread(log_file, tail, sizeof tail, from);
  std::printf("\nseed %llu failed an assertion, commit %s:\n%.*s\n",
              static_cast<unsigned long long>(running_seed), RELANCE_COMMIT,
              static_cast<int>(std::max<ssize_t>(0, count)), tail);
  std::fflush(stdout);
  _exit(1);
}

void keep_log_aside() {
  log_file = memfd_create("relance-sim-log", 0);
  if (log_file < 0) return;
  dup2(log_file, STDERR_FILENO);
  std::signal(SIGABRT, tell_assertion);
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void print_failure(const Outcome& outcome) {
  fmt::print("\nseed {} failed: {}: {}\n  commit {}, hash {:016x}\n", outcome.seed, outcome.oracle,
             outcome.what, RELANCE_COMMIT, outcome.hash);
  for (const std::string& line : outcome.story) fmt::print("    {}\n", line);
  fmt::print("  again: relance-sim --seed {} --verbose\n", outcome.seed);
}

void print_totals(const Totals& totals, double cpu, double elapsed) {
  const auto seeds = static_cast<double>(std::max<uint64_t>(1, totals.seeds));
  fmt::print(
      "{} seeds, {} failed; {} lives, {} events, {} touches, {} acts, {} entries\n"
      "{:.1f} ms CPU a seed, {:.0f} simulated days in {:.1f} s: {:.0f} times real time\n",
      totals.seeds, totals.failed, totals.lives, totals.events, totals.touches, totals.acts,
      totals.entries, cpu / seeds * 1000, totals.simulated_days, elapsed,
      totals.simulated_days * 86'400 / std::max(elapsed, 0.001));
}

Outcome run_seed(uint64_t seed, Bundles& bundles, const std::string& marks, bool verbose) {
  Story::Listener listener;
  if (verbose) listener = [](const Moment& moment) { fmt::print("{}\n", moment.text()); };
  return Simulation(seed, bundles, marks, listener).run();
}

std::vector<uint64_t> listed_seeds(const std::string& path) {
  std::vector<uint64_t> seeds;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && line.front() != '#') seeds.push_back(std::stoull(line));
  return seeds;
}

// The n-th of this job's seeds; nullopt: there is none.
std::optional<uint64_t> nth_seed(const Wanted& wanted, const std::vector<uint64_t>& listed, int job,
                                 uint64_t n) {
  // Neighbouring seeds share a bundle: a job takes them in packs.
  constexpr uint64_t kPack = 20;
  const uint64_t at =
      (n / kPack * static_cast<uint64_t>(wanted.jobs) + static_cast<uint64_t>(job)) * kPack +
      n % kPack;
  if (!wanted.list.empty()) {
    if (at >= listed.size()) return std::nullopt;
    return listed[at];
  }
  if (wanted.minutes == 0 && at >= wanted.seeds) return std::nullopt;
  return wanted.seed + at;
}

int run_job(const Wanted& wanted, int job) {
  const auto listed = listed_seeds(wanted.list);
  const SystemClock clock;
  const Duration begun = clock.since_boot();
  const auto elapsed = [&] { return static_cast<double>((clock.since_boot() - begun).ms) / 1000; };
  Bundles bundles(RELANCE_SOURCE_DIR "/flows", RELANCE_BUILD_DIR "/lib/relance/plugins");
  const std::string marks = marks_file();
  Totals totals;
  uint64_t hash = 0;
  for (uint64_t n = 0; totals.failed < 5; ++n) {
    const auto seed = nth_seed(wanted, listed, job, n);
    if (!seed || (wanted.minutes > 0 && elapsed() > wanted.minutes * 60)) break;
    running_seed = *seed;
    const Outcome outcome = run_seed(*seed, bundles, marks, wanted.verbose);
    totals.add(outcome);
    hash = outcome.hash;
    if (!outcome.passed()) print_failure(outcome);
    std::fflush(stdout);
  }
  if (totals.seeds == 1) fmt::print("hash {:016x}\n", hash);
  print_totals(totals, cpu_seconds(), elapsed());
  return totals.failed > 0 ? 1 : 0;
}

int run_jobs(const Wanted& wanted) {
  if (wanted.jobs <= 1) return run_job(wanted, 0);
  std::vector<pid_t> children;
  for (int job = 0; job < wanted.jobs; ++job) {
    const pid_t child = fork();
    if (child == 0) {
      const int code = run_job(wanted, job);
      std::fflush(stdout);
      _exit(code);
    }
    children.push_back(child);
  }
  int worst = 0;
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    worst = std::max(worst, WIFEXITED(status) ? WEXITSTATUS(status) : 2);
  }
  return worst;
}

}  // namespace

int main(int argc, char** argv) {
  Wanted wanted;
  CLI::App app{"Runs seeds of the deterministic simulation", "relance-sim"};
  app.set_version_flag("--version", RELANCE_COMMIT);
  app.add_option("--seed", wanted.seed, "the first seed");
  app.add_option("--seeds", wanted.seeds, "how many from there on");
  app.add_option("--minutes", wanted.minutes, "go on for so long instead");
  app.add_option("--jobs", wanted.jobs, "processes beside one another");
  app.add_option("--list", wanted.list, "a file of seeds instead");
  app.add_flag("--verbose", wanted.verbose, "tell the story");
  CLI11_PARSE(app, argc, argv);
  if (!wanted.verbose) keep_log_aside();
  return run_jobs(wanted);
}
