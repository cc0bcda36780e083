#include "node/committer.h"

#include <algorithm>

#include "base/log.h"
#include "core/state/record.h"

namespace relance {

Committer::Committer(std::unique_ptr<Store> store, size_t shards, Ports ports)
    : store_(std::move(store)),
      ports_(std::move(ports)),
      next_position_(store_->opened().next_position),
      committed_to_(next_position_),
      oldest_unsaved_(shards, store_->opened().horizon < next_position_ ? store_->opened().horizon : 0),
      last_at_(store_->opened().last_commit_at) {}

Batch Committer::gather(std::vector<ShardBatch>& taken) {
  Batch batch;
  batch.epoch = store_->opened().epoch;
  size_t entries = 0;
  for (const ShardBatch& one : taken) entries += one.entries.size();
  batch.entries.reserve(entries);
  for (ShardBatch& one : taken) {
    std::move(one.entries.begin(), one.entries.end(), std::back_inserter(batch.entries));
    std::move(one.snapshots.begin(), one.snapshots.end(), std::back_inserter(batch.snapshots));
    oldest_unsaved_[one.shard] = one.oldest_unsaved;
  }
  // Later snapshots of the same customer in one commit replace earlier ones.
  std::stable_sort(batch.snapshots.begin(), batch.snapshots.end(),
                   [](const Snapshot& a, const Snapshot& b) { return a.customer < b.customer; });
  for (size_t i = 0; i + 1 < batch.snapshots.size(); ++i)
    if (batch.snapshots[i].customer == batch.snapshots[i + 1].customer) batch.snapshots[i].last = 0;
  std::erase_if(batch.snapshots, [](const Snapshot& s) { return s.last == 0; });
  batch.at = std::max(ports_.clock.now(), last_at_);
  const Position end = batch.entries.empty() ? committed_to_ : batch.entries.back().position + 1;
  Position complete = end;
  for (Position oldest : oldest_unsaved_)
    if (oldest != 0) complete = std::min(complete, oldest);
  batch.snapshots_complete_to = complete;
  return batch;
}

bool Committer::commit() {
  std::vector<ShardBatch> taken;
  Batch batch;
  {
    const std::lock_guard lock(mutex_);
    if (queued_.empty() || !health_) return false;
    taken.assign(std::make_move_iterator(queued_.begin()), std::make_move_iterator(queued_.end()));
    queued_.clear();
    batch = gather(taken);
  }
  const bool nothing_to_write = batch.entries.empty() && batch.snapshots.empty();
  const CommitOutcome outcome = nothing_to_write ? CommitOutcome::ok : write(batch);
  if (outcome != CommitOutcome::ok) {
    const std::lock_guard lock(mutex_);
    health_ = Error{Code::store_failed, "the store answered '" + std::string(commit_outcome_name(outcome)) +
                    "': nothing is sent or acknowledged any more", {}, "see docs/operating.md, Store trouble"};
    log::error("committer", "{}", health_.error().text());
    return false;
  }
  {
    const std::lock_guard lock(mutex_);
    if (!batch.entries.empty()) committed_to_ = batch.entries.back().position + 1;
    last_at_ = batch.at;
    commits_ += nothing_to_write ? 0 : 1;
  }
  for (const NewEntry& entry : batch.entries)
    for (const Derived::Address& address : entry.derived.addresses) ports_.addresses.set(address.hash, address.state);
  release(taken);
  return true;
}

CommitOutcome Committer::write(const Batch& batch) {
  CommitOutcome outcome = store_->commit(batch);
  if (outcome == CommitOutcome::unknown) outcome = settle_unknown(batch);
  if (outcome == CommitOutcome::failed) {
    ports_.fatal({Code::store_failed, "the store reports an I/O error; what the disk holds is no longer known", {},
                  "start again: everything acknowledged is kept"});
  }
  return outcome;
}

// The store knows how far it is: at the batch's end (it was committed), at its start (it was not: again), or elsewhere.
CommitOutcome Committer::settle_unknown(const Batch& batch) {
  constexpr int kMostTries = 5;
  Batch again = batch;
  for (int i = 0; i < kMostTries; ++i) {
    store_.reset();
    auto opened = ports_.reopen();
    if (!opened) return CommitOutcome::failed;
    store_ = std::move(*opened);
    const Position end = batch.entries.empty() ? committed_to_ : batch.entries.back().position + 1;
    const Position at = store_->opened().next_position;
    if (at == end && !batch.entries.empty()) return CommitOutcome::ok;
    if (at != committed_to_) return CommitOutcome::went_back;
    again.epoch = store_->opened().epoch;
    const CommitOutcome outcome = store_->commit(again);
    if (outcome != CommitOutcome::unknown) return outcome;
  }
  return CommitOutcome::unknown;
}

void Committer::release(std::vector<ShardBatch>& taken) {
  for (ShardBatch& batch : taken) {
    for (auto& [done, what] : batch.acknowledgements) done(what);
    ports_.released(std::move(batch));
  }
}

CommitOutcome Committer::commit_generation(std::vector<Source> sources, Generation generation) {
  Batch batch;
  {
    const std::lock_guard lock(mutex_);
    batch.epoch = store_->opened().epoch;
    batch.at = std::max(ports_.clock.now(), last_at_);
  }
  batch.sources = std::move(sources);
  batch.generation = std::move(generation);
  return store_->commit(batch);
}

bool Committer::idle() const {
  const std::lock_guard lock(mutex_);
  return queued_.empty();
}

Status Committer::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

Position Committer::tail() const {
  const std::lock_guard lock(mutex_);
  Position oldest = committed_to_;
  for (Position one : oldest_unsaved_)
    if (one != 0) oldest = std::min(oldest, one);
  return committed_to_ - oldest;
}

size_t Committer::slowest_shard() const {
  const std::lock_guard lock(mutex_);
  size_t slowest = 0;
  for (size_t i = 0; i < oldest_unsaved_.size(); ++i) {
    const Position best = oldest_unsaved_[slowest];
    if (oldest_unsaved_[i] != 0 && (best == 0 || oldest_unsaved_[i] < best)) slowest = i;
  }
  return slowest;
}

uint64_t Committer::entries() const {
  const std::lock_guard lock(mutex_);
  return committed_to_ - 1;
}

Instant Committer::engine_time() const {
  const std::lock_guard lock(mutex_);
  return std::max(ports_.clock.now(), last_at_);
}

}  // namespace relance
