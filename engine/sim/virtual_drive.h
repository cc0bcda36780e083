// The virtual drive: a node on a virtual clock, in rounds, until nothing is left to do.
//
// A round at one instant: every shard with mail is drained (in parallel when there are workers),
// everything is committed, what follows leaves in a fixed order on one thread, and what comes back
// is the next round's mail. When a round leaves nothing to do, lanes grant slots; when they grant
// none, time moves to the next due instant. So a result depends on the events, the bundle and the
// seed, never on the number of threads.
//
// Threads: run() from one thread; it starts workers of its own.
#pragma once

#include <queue>

#include "node/node_core.h"

namespace relance {

class VirtualDrive final : public Drive, public Alarms {
 public:
  VirtualDrive(VirtualClock& clock, int workers);
  ~VirtualDrive() override;

  void attach(NodeCore& node);

  // Works until nothing is left at or before `until`; the clock then stands at the last thing done,
  // or at `until` when it is an instant and something is due beyond.
  Status run(Instant until = Instant::never());

  // The soonest instant at which something is due once nothing is left to do now; never: nothing
  // is.
  Instant next_instant();

  // --- Drive
  void shard_ready(size_t shard) override;
  void released(ShardBatch batch) override;
  // --- Alarms
  void call_at(Instant at, std::function<void()> work, bool watchdog) override;

 private:
  struct Alarm {
    Instant at;
    uint64_t order;
    std::function<void()> work;
    bool watchdog;
    bool operator>(const Alarm& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };
  struct Workers;

  Result<bool> round();
  Status drain_all(const std::vector<size_t>& shards);
  void release_all();
  bool ring_alarms();

  VirtualClock& clock_;
  NodeCore* node_ = nullptr;
  std::unique_ptr<Workers> workers_;
  std::mutex mutex_;
  std::vector<bool> ready_;
  std::vector<ShardBatch> released_;
  std::priority_queue<Alarm, std::vector<Alarm>, std::greater<>> alarms_;
  uint64_t alarms_set_ = 0;
  size_t alarms_that_matter_ = 0;
};

}  // namespace relance
