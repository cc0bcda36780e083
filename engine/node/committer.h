// The committer: what all shards decided gathers into one commit; what follows from it is released
// only then.
//
// Queue order = position order = commit order: positions are given out under the queue's lock. It
// never runs plugins or Lua.
// Threads: queue() from any shard's worker; commit() from one thread at a time.
// Blocks: commit() on the disk; queue() never.
// Fails: `full` keeps the batch and is tried again at the next commit(), nothing acknowledged
// meanwhile; before it comes to that the store is low on space. `unknown` is settled by opening the
// store again and asking how far it is. After `fenced`, `went_back` or a store that cannot be
// opened again nothing is committed or released any more: what waits is refused, health() says why.
// An I/O error ends the process through `fatal`, because what the disk holds is no longer known.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "node/address_book.h"
#include "node/mail.h"
#include "node/open_store.h"

namespace relance {

class Committer {
 public:
  struct Ports {
    const Clock& clock;
    OpenStore& store;
    AddressBook& addresses;
    std::function<void()> waiting;              // something is queued: call commit() soon
    std::function<void(const Batch&)> durable;  // it is, and nothing of it was released yet
    std::function<void(ShardBatch)> released;   // the batch is durable
    std::function<void(const Error&)> fatal;
  };
  Committer(size_t shards, Ports ports);

  // Gives the batch's entries their positions and queues it. `assign(entry)` is called for each
  // entry, in order, with its position set.
  template <class Assign>
  void queue(ShardBatch batch, Assign assign) {
    {
      const std::lock_guard lock(mutex_);
      const Position first = next_position_;
      for (NewEntry& entry : batch.entries) {
        entry.position = next_position_++;
        assign(entry);
      }
      // What a batch writes is itself unsaved until a later snapshot holds it.
      if (batch.oldest_unsaved == 0 && !batch.entries.empty()) batch.oldest_unsaved = first;
      if (health_) queued_.push_back(std::move(batch));
    }
    refuse(batch);  // what was queued has left it empty
    ports_.waiting();
  }

  // Commits what waits. False: nothing waited, or it could not be committed now.
  bool commit();

  // Sources and manifest of a generation, in one transaction between two others. `full`, or
  // `failed` in good health: nothing of it is kept, and all goes on as before. Any other answer:
  // as after such a commit.
  CommitOutcome commit_generation(std::vector<Source> sources, Generation generation);

  bool idle() const;                   // nothing queued, nothing being committed
  bool full() const { return full_; }  // the last commit found no space
  // The store lives on its reserve: nothing new may begin.
  bool low_on_space() const { return low_on_space_; }
  bool regain_space();  // from the thread that commits; true: it is not low any more
  Status health() const;
  Position tail() const;         // entries that no snapshot holds yet
  size_t slowest_shard() const;  // whose snapshots lag behind most
  uint64_t commits() const { return commits_; }
  uint64_t entries() const;
  // The later of the clock, the last commit and every earlier answer: never runs backwards.
  Instant engine_time() const;

 private:
  // A batch of the store with the parts it is made of.
  struct Gathered {
    std::vector<ShardBatch> parts;
    Batch batch;
    bool empty() const { return batch.entries.empty() && batch.snapshots.empty(); }
  };

  bool holds(uint64_t generation) const;
  bool take_queued();
  void gather(Gathered& gathered);
  Position complete_to(Position end) const;
  CommitOutcome write(const Batch& batch);
  CommitOutcome write_alone(Batch& batch);
  CommitOutcome settle_unknown(const Batch& batch);
  void accept(const Batch& batch, bool written);
  void release(std::vector<ShardBatch> parts);
  void stop(CommitOutcome outcome);
  static void refuse(ShardBatch& batch);

  Ports ports_;
  std::mutex committing_;             // commits, one at a time
  std::optional<Gathered> gathered_;  // being committed, or waiting for space
  mutable std::mutex mutex_;          // of all below
  std::deque<ShardBatch> queued_;
  bool busy_ = false;
  Position next_position_;
  Position committed_to_;                 // next_position_ as of the last commit
  std::vector<Position> oldest_unsaved_;  // of each shard, as of what is gathered; 0: none
  Status health_;
  std::atomic<uint64_t> commits_ = 0;
  std::atomic<bool> full_ = false, low_on_space_ = false;
  mutable std::atomic<int64_t> latest_ms_;
};

}  // namespace relance
