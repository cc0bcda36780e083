// Drives a node one small step at a time, in an order that chance picks: shards decide ahead of
// commits, effects of a durable batch wait while others leave, timers ring late. What the real
// drive's threads may do one beside the other happens here one after the other, in every order.
//
// Threads: one. Lifetime: one process.
#pragma once

#include <map>
#include <vector>

#include "node/node_core.h"
#include "sim/world/chance.h"

namespace relance {

class WorldDrive final : public Drive, public Alarms {
 public:
  WorldDrive(Chance& chance, const Clock& clock) : chance_(chance), clock_(clock) {}

  void attach(NodeCore& node);
  // One thing that waits, if any does. True: something was done.
  bool step();
  // Nothing waits: wakes what is due and grants slots. True: now something does.
  bool look_around();
  bool is_idle() const;
  // Why nothing goes on; ok while it does.
  const Status& failure() const { return failure_; }
  void note_failure(const Error& error) { failure_ = error; }

  // --- Alarms. They die with the process.
  void call_at(Instant at, std::function<void()> work, bool watchdog = false) override;
  // By the clock; never(): none is set, or none but watchdogs where they do not count.
  Instant next_alarm(bool with_watchdogs) const;
  // True: one rang.
  bool ring();

  // --- Drive
  void shard_ready(size_t shard) override;
  void commit_waits() override { commit_waits_ = true; }
  void released(ShardBatch batch) override;

 private:
  struct Desk {
    bool ready = false;
    std::vector<ShardBatch> durable;
  };
  struct Alarm {
    std::function<void()> work;
    bool watchdog = false;
  };
  void work(size_t shard);
  void commit();

  Chance& chance_;
  const Clock& clock_;
  std::multimap<Duration, Alarm> alarms_;  // since boot
  NodeCore* node_ = nullptr;
  std::vector<Desk> desks_;
  bool commit_waits_ = false;
  Status failure_;
};

}  // namespace relance
