// The real drive: a node on a real clock, with threads.
//
//   workers (workers.h)  a shard with mail, something due or a durable batch is one task at a time:
//                        effects of durable batches leave first, then mail is decided
//   committer            commits as soon as it is idle, taking all that waits
//   timer                wakes due shards, grants slots, rings alarms
//   maintenance          the store's work that may wait (checkpoints, merges)
//
// All of them sleep while there is nothing to do.
// Threads: the Drive and Alarms functions from any; the rest from the one that made it. Alarms ring
// on the timer's thread, one at a time. Lifetime: clock and node outlive start() to
// stop(); the drive outlives the node.
// Fails: once a shard cannot read the store, or the store is lost, nothing is worked any more and
// run_until_idle() says why.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <queue>
#include <thread>

#include "node/node_core.h"
#include "node/watched_clock.h"
#include "node/workers.h"

namespace relance {

class RealDrive final : public Drive, public Alarms {
 public:
  // Shards and workers of these options; `failed` is called once, when nothing is worked any more.
  RealDrive(const Clock& clock, const NodeOptions& options, std::function<void()> failed = {});
  ~RealDrive() override;

  // Before start(): touches begin again once this clock is believed again.
  void watch(WatchedClock& clock) { watched_ = &clock; }
  // After NodeCore::recover(): nothing works before.
  void start(NodeCore& node);

  // Returns when nothing is left to do: no mail, nothing queued, no operation open, nothing due
  // ever; or at `until`, or when the node has failed.
  Status run_until_idle(Instant until);

  // From now on nothing is accepted and no touch begins; run_until_idle() returns. Threads: any.
  void interrupt();

  // Waits up to `patience` for what is under way outside, lets everything queued become durable,
  // ends the threads. Nothing is accepted meanwhile. Idempotent.
  Status stop(Duration patience);

  // --- Drive
  void shard_ready(size_t shard) override;
  void commit_waits() override;
  void released(ShardBatch batch) override;
  bool at_work() const override { return at_work_; }
  // --- Alarms
  void call_at(Instant at, std::function<void()> work, bool watchdog) override;

 private:
  struct Alarm {
    Duration at;  // since boot
    uint64_t order;
    std::function<void()> work;
    bool watchdog;
    bool operator>(const Alarm& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };
  // What one shard has to do. `asked` counts requests; the one that raises it from zero starts a
  // task, and the shard is free again only once it is back at zero: never two tasks at a time.
  struct Desk {
    std::atomic<uint32_t> asked = 1;  // by start()
    size_t shard = 0;
    std::mutex mutex;
    std::vector<ShardBatch> durable;
  };

  void begin_task(Desk& desk);
  void run_task(Desk& desk);
  void work(Desk& desk);
  void fail(const Error& error);

  void commit_loop();
  void timer_loop();
  void maintenance_loop();
  bool ring_one();
  Duration longest_nap();
  Duration next_wake() const;
  void wake_timer_by(Duration at);
  Duration boot_time_of(Instant at, Instant now) const;

  bool settled() const;  // no task, nothing that could be committed
  bool quiet() const;    // no task, nothing queued, nothing on its way outside
  bool idle() const;     // quiet, and nothing is due ever
  bool over() const { return interrupted_ || idle(); }
  void look_again();
  void wait_until(Instant until, bool (RealDrive::*done)() const);
  Status failure() const;

  const Clock& clock_;
  const std::function<void()> failed_;
  WatchedClock* watched_ = nullptr;
  NodeCore* node_ = nullptr;
  std::deque<Desk> desks_;
  Workers workers_;
  std::atomic<bool> at_work_ = false;
  std::atomic<bool> over_ = false;  // no shard works any more
  std::atomic<bool> interrupted_ = false;
  std::atomic<size_t> busy_shards_;
  std::atomic<uint64_t> tasks_ended_ = 0;
  std::atomic<uint64_t> activity_ = 0;  // rises with everything that happens
  std::atomic<bool> stopping_ = false;  // timer and maintenance
  std::vector<std::thread> threads_;

  std::mutex commit_mutex_;
  std::condition_variable commit_wanted_;
  bool commit_waits_ = false, commits_end_ = false;

  mutable std::mutex timer_mutex_;
  std::condition_variable timer_changed_;
  Duration timer_wakes_at_{INT64_MIN};  // since boot
  std::priority_queue<Alarm, std::vector<Alarm>, std::greater<>> alarms_;
  uint64_t alarms_set_ = 0;
  size_t alarms_that_matter_ = 0;  // set or ringing, watchdogs not counted

  std::mutex maintenance_mutex_;
  std::condition_variable maintenance_wanted_;

  mutable std::mutex state_mutex_;  // of failure_
  std::condition_variable state_changed_;
  Status failure_;
};

}  // namespace relance
