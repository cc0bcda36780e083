// The machine's wall clock, watched: one that was set by more than five minutes while we looked, or
// that is behind what the store has seen, is not believed until a person says that it is right.
// Until then time goes on from where it was, at the pace of the clock that nobody can set: no wait
// ends early, and none ends twice.
//
// A step that came while no process looked forward in time cannot be told from time that passed.
// Threads: any. Blocks: on a small file when the clock steps. Fails: where the file cannot be
// written, the clock is not believed by this process all the same.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

#include "base/clock.h"

namespace relance {

// The file beside a store that stands there while the clock is not believed; empty for one in
// memory.
std::string clock_doubt_path(const std::string& store);

class WatchedClock final : public Clock {
 public:
  // `path` empty: every step is believed. `boot_id`: of this boot of the machine.
  WatchedClock(const Clock& machine, std::string path, std::string boot_id);

  Instant now() const override;
  Duration since_boot() const override { return machine_.since_boot(); }

  // Before anybody else asks: nothing happened later than this. `doubted` is called as soon as the
  // clock is not believed, on whatever thread finds out, which may hold locks.
  void start_after(Instant latest, std::function<void()> doubted);
  bool believed() const { return !doubted_; }
  // Whether a person has said meanwhile that the clock is right; then now() follows it again.
  bool look();

 private:
  struct Reading {
    int64_t wall_ms, boot_ms;
  };
  Reading read() const;
  void doubt(int64_t step_ms) const;
  bool write_down() const;
  bool read_back();

  const Clock& machine_;
  const std::string path_, boot_id_;
  std::function<void()> on_doubt_;
  mutable std::mutex mutex_;  // of what follows a doubt
  mutable std::atomic<bool> doubted_ = false;
  mutable std::atomic<int64_t> ahead_ms_;  // engine time over time since boot
  mutable bool written_ = false;
};

}  // namespace relance
