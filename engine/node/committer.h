// The committer: what all shards decided gathers into one commit; what follows from it is released only then.
//
// Queue order = position order = commit order: positions are given out under the queue's lock. It never runs plugins or
// Lua. Threads: queue() from any shard's worker; commit() from one thread at a time.
// Fails: `unknown` is settled by opening the store again and comparing how far it is; `full` is tried again later, with
// nothing acknowledged; after `fenced` or `went_back` nothing is committed or released any more and health() says why; an
// I/O error ends the process through `fatal`, because what the disk holds is no longer known.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "node/address_book.h"
#include "node/mail.h"

namespace relance {

using StoreFactory = std::function<Result<std::unique_ptr<Store>>()>;

class Committer {
 public:
  struct Ports {
    const Clock& clock;
    AddressBook& addresses;
    StoreFactory reopen;
    std::function<void(ShardBatch)> released;  // the batch is durable
    std::function<void(const Error&)> fatal;
  };
  Committer(std::unique_ptr<Store> store, size_t shards, Ports ports);

  Store& store() { return *store_; }

  // Gives the batch's entries their positions and queues it. `assign(position)` is called for each entry, in order.
  template <class Assign>
  void queue(ShardBatch batch, Assign assign) {
    const std::lock_guard lock(mutex_);
    const Position first = next_position_;
    for (NewEntry& entry : batch.entries) {
      entry.position = next_position_++;
      assign(entry);
    }
    // What a batch writes is itself unsaved until a later snapshot holds it.
    if (batch.oldest_unsaved == 0 && !batch.entries.empty()) batch.oldest_unsaved = first;
    queued_.push_back(std::move(batch));
  }

  // Commits what waits. False: nothing waited, or nothing may be committed now.
  bool commit();

  // Written once, with sources and manifest of a generation.
  CommitOutcome commit_generation(std::vector<Source> sources, Generation generation);

  bool idle() const;
  Status health() const;
  Position tail() const;        // entries that no snapshot holds yet
  size_t slowest_shard() const;  // whose snapshots lag behind most
  uint64_t commits() const { return commits_; }
  uint64_t entries() const;
  Instant engine_time() const;  // the later of the clock and the last commit: never runs backwards

 private:
  Batch gather(std::vector<ShardBatch>& taken);
  CommitOutcome write(const Batch& batch);
  CommitOutcome settle_unknown(const Batch& batch);
  void release(std::vector<ShardBatch>& taken);

  std::unique_ptr<Store> store_;
  Ports ports_;
  mutable std::mutex mutex_;
  std::deque<ShardBatch> queued_;
  Position next_position_;
  Position committed_to_;                   // next_position_ as of the last commit
  std::vector<Position> oldest_unsaved_;    // of each shard, as of its last committed batch; 0: nothing unsaved
  Instant last_at_;
  Status health_;
  uint64_t commits_ = 0;
};

}  // namespace relance
