#include "node/watched_clock.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/log.h"
#include "store/beside.h"

namespace relance {
namespace {

constexpr int64_t kMostStepMs = minutes(5).ms;
constexpr int64_t kOneLookMs = 1000;  // the process was stopped between two readings

}  // namespace

std::string clock_doubt_path(const std::string& store) {
  return beside_store(store, "-clock-doubted");
}

WatchedClock::WatchedClock(const Clock& machine, std::string path, std::string boot_id)
    : machine_(machine), path_(std::move(path)), boot_id_(std::move(boot_id)) {
  const Reading at = read();
  ahead_ms_ = at.wall_ms - at.boot_ms;
}

WatchedClock::Reading WatchedClock::read() const {
  while (true) {
    const int64_t before = machine_.since_boot().ms;
    const int64_t wall = machine_.now().ms;
    const int64_t after = machine_.since_boot().ms;
    if (after - before < kOneLookMs) return {wall, after};
  }
}

Instant WatchedClock::now() const {
  const Reading at = read();
  const int64_t ahead = at.wall_ms - at.boot_ms;
  if (!doubted_) {
    const int64_t step = ahead - ahead_ms_;
    if (path_.empty() || std::abs(step) <= kMostStepMs) {
      if (step != 0) ahead_ms_ = ahead;
      return {at.wall_ms};
    }
    doubt(step);
  }
  return {at.boot_ms + ahead_ms_};
}

void WatchedClock::start_after(Instant latest, std::function<void()> doubted) {
  on_doubt_ = std::move(doubted);
  if (path_.empty()) return;
  const Reading at = read();
  if (read_back()) {
    // Another boot of the machine: how long it was away is not known.
    if (ahead_ms_ == INT64_MIN) ahead_ms_ = latest.ms - at.boot_ms;
    log::error("clock", "still not believed: no touch begins until `relance resume --clock`");
    on_doubt_();
  } else if (latest.ms > at.wall_ms + kMostStepMs) {
    ahead_ms_ = latest.ms - at.boot_ms;
    doubt(at.wall_ms - latest.ms);
  }
}

void WatchedClock::doubt(int64_t step_ms) const {
  const std::lock_guard lock(mutex_);
  if (doubted_.exchange(true)) return;
  if (on_doubt_) on_doubt_();
  written_ = write_down();
  log::error("clock",
             "it was set by {} s: no touch begins, and time goes on from where it was, until "
             "`relance resume --clock`",
             step_ms / 1000);
}

bool WatchedClock::write_down() const {
  std::ofstream file(path_, std::ios::trunc);
  file << ahead_ms_ << ' ' << boot_id_ << "\nThe wall clock was set; see docs/operating.md.\n";
  file.close();
  return file.good();
}

// True: an earlier process did not believe the clock, and nobody has said that it is right.
bool WatchedClock::read_back() {
  std::ifstream file(path_);
  if (!file) return false;
  int64_t ahead = 0;
  std::string boot;
  const bool same_boot = (file >> ahead >> boot) && !boot.empty() && boot == boot_id_;
  ahead_ms_ = same_boot ? ahead : INT64_MIN;
  doubted_ = written_ = true;
  return true;
}

bool WatchedClock::look() {
  const std::lock_guard lock(mutex_);
  if (!doubted_) return true;
  if (!written_) written_ = write_down();
  std::error_code unreadable;
  if (!written_ || std::filesystem::exists(path_, unreadable) || unreadable) return false;
  const Reading at = read();
  ahead_ms_ = at.wall_ms - at.boot_ms;
  doubted_ = false;
  log::warn("clock", "it is believed again");
  return true;
}

}  // namespace relance
