// A disk that lives through everything, and the stores that are opened on it: one that dies before
// or after a commit, loses its answer, is taken over, is full for a while, breaks, or goes back in
// time, as the plan says.
//
// Threads: one. Lifetime: the disk outlives its stores.
#pragma once

#include "sim/world/durable.h"
#include "sim/world/mortality.h"
#include "sim/world/world_clock.h"
#include "store/memory_store.h"

namespace relance {

class WorldDisk {
 public:
  WorldDisk(const Plan& plan, const WorldClock& clock, Story& story, Mortality& mortality);

  Result<std::unique_ptr<Store>> open();
  const Durable& durable() const { return durable_; }
  // After each batch that became durable, before its answer.
  std::function<void(const Durable::News&)> follow;
  // An answer was given after which nothing may leave.
  std::function<void()> distrust;
  // The store lives on its reserve.
  bool low_on_space() const { return clock_.true_now() < low_until_; }
  // From now on writes are as good as a disk's can be.
  void mend();
  void life_begins(int life) { life_ = life; }
  // Commits that were acknowledged are gone, and no start has told so yet.
  bool lost_commits() const { return lost_commits_; }
  // An opening has said so. It says it once, whether or not the process lived to tell anybody.
  bool noted_loss() const { return noted_loss_; }
  void told_loss() { lost_commits_ = noted_loss_ = false; }
  // The last commit met something else than a good disk.
  bool is_in_trouble() const { return in_trouble_; }

 private:
  friend class WorldStore;
  struct Copy {
    std::shared_ptr<MemoryDisk> disk;
    Durable durable;
  };

  std::optional<CommitOutcome> trouble(const Batch& batch, Store& inner);
  CommitOutcome keep(const Batch& batch, Store& inner);
  CommitOutcome commit(const Batch& batch, Store& inner);
  void go_back();

  const Plan& plan_;
  const WorldClock& clock_;
  Story& story_;
  Mortality& mortality_;
  Chance chance_;
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  Durable durable_;
  std::optional<Copy> earlier_;
  int life_ = 0;
  uint64_t commits_ = 0, goes_back_at_ = 0, copied_at_ = 0;
  Instant full_until_ = Instant::beginning(), low_until_ = Instant::beginning();
  bool mended_ = false, taken_over_ = false, lost_commits_ = false, in_trouble_ = false;
  bool noted_loss_ = false;
};

}  // namespace relance
