#include "node/committer.h"

#include <algorithm>

#include "base/crash_point.h"
#include "base/log.h"

namespace relance {
namespace {

Error trouble(CommitOutcome outcome, const std::string& met) {
  const std::string detail = met.empty() ? "" : ": " + met;
  switch (outcome) {
    case CommitOutcome::fenced:
      return {Code::store_in_use, "another writer took the store over" + detail, {}, ""};
    case CommitOutcome::went_back:
      return {Code::store_went_back,
              "the store lost commits that it had acknowledged" + detail,
              {},
              ""};
    case CommitOutcome::unknown:
      return {Code::store_failed,
              "whether the last commit is durable cannot be found out" + detail,
              {},
              "start again"};
    default:
      return {Code::store_failed,
              "the store reports an I/O error" + detail,
              {},
              "start again: everything acknowledged is kept"};
  }
}

// Of several snapshots of a customer the last one holds, with the body that it keeps.
void keep_latest(std::vector<Snapshot>& snapshots) {
  std::stable_sort(snapshots.begin(), snapshots.end(),
                   [](const Snapshot& a, const Snapshot& b) { return a.customer < b.customer; });
  size_t kept = 0;
  for (size_t i = 0; i < snapshots.size(); ++i) {
    if (i + 1 < snapshots.size() && snapshots[i + 1].customer == snapshots[i].customer) {
      Snapshot& next = snapshots[i + 1];
      if (next.kept && !snapshots[i].kept) {
        next.body = std::move(snapshots[i].body);
        next.kept = false;
      }
      continue;
    }
    if (kept != i) snapshots[kept] = std::move(snapshots[i]);
    ++kept;
  }
  snapshots.resize(kept);
}

}  // namespace

Committer::Committer(size_t shards, Ports ports) : ports_(std::move(ports)) {
  const Opened& opened = ports_.store.get()->opened();
  next_position_ = committed_to_ = opened.next_position;
  oldest_unsaved_.assign(shards, opened.horizon < next_position_ ? opened.horizon : 0);
  latest_ms_ = opened.last_commit_at.ms;
  low_on_space_ = ports_.store.get()->low_on_space();
}

bool Committer::commit() {
  const std::lock_guard committing(committing_);
  if (!gathered_ && !take_queued()) return false;
  const Batch& batch = gathered_->batch;
  const bool written = !gathered_->empty();
  crash_point(CrashPoint::commit_gathered);
  const CommitOutcome outcome = written ? write(batch) : CommitOutcome::ok;
  if (outcome == CommitOutcome::full) {
    if (!full_.exchange(true))
      log::error("store", "no space: nothing is acknowledged or sent until there is");
    return false;
  }
  full_ = false;
  if (outcome != CommitOutcome::ok) {
    stop(outcome);
    return false;
  }
  crash_point(CrashPoint::commit_written);
  accept(batch, written);
  crash_point(CrashPoint::commit_accepted);
  std::vector<ShardBatch> parts = std::move(gathered_->parts);
  gathered_.reset();
  release(std::move(parts));
  return true;
}

bool Committer::take_queued() {
  const std::lock_guard lock(mutex_);
  if (queued_.empty() || !health_) return false;
  gathered_.emplace();
  gathered_->parts.assign(std::make_move_iterator(queued_.begin()),
                          std::make_move_iterator(queued_.end()));
  queued_.clear();
  busy_ = true;
  gather(*gathered_);
  return true;
}

void Committer::gather(Gathered& gathered) {
  Batch& batch = gathered.batch;
  for (ShardBatch& part : gathered.parts) {
    std::move(part.entries.begin(), part.entries.end(), std::back_inserter(batch.entries));
    std::move(part.snapshots.begin(), part.snapshots.end(), std::back_inserter(batch.snapshots));
    part.entries.clear();
    part.snapshots.clear();
    oldest_unsaved_[part.shard] = part.oldest_unsaved;
  }
  keep_latest(batch.snapshots);
  batch.at = engine_time();
  const Position end = batch.entries.empty() ? committed_to_ : batch.entries.back().position + 1;
  batch.snapshots_complete_to = complete_to(end);
}

Position Committer::complete_to(Position end) const {
  for (Position oldest : oldest_unsaved_)
    if (oldest != 0) end = std::min(end, oldest);
  return end;
}

CommitOutcome Committer::write(const Batch& batch) {
  CommitOutcome outcome;
  {
    const auto use = ports_.store.use();
    Store& store = *ports_.store.get();
    Batch& mine = gathered_->batch;
    mine.epoch = store.opened().epoch;
    outcome = store.commit(mine);
    if (store.low_on_space() && !low_on_space_.exchange(true))
      log::error("store", "little space is left: nothing is accepted or begun until there is more");
  }
  return outcome == CommitOutcome::unknown ? settle_unknown(batch) : outcome;
}

// The store knows how far it is: at the batch's end (it was committed), at its start (it was not:
// again), or elsewhere.
CommitOutcome Committer::settle_unknown(const Batch& batch) {
  constexpr int kMostTries = 5;
  const Position end = batch.entries.empty() ? committed_to_ : batch.entries.back().position + 1;
  for (int i = 0; i < kMostTries; ++i) {
    if (auto opened = ports_.store.reopen(); !opened) {
      log::error("store", "{}", opened.error().text());
      return CommitOutcome::unknown;
    }
    const auto use = ports_.store.use();
    Store& store = *ports_.store.get();
    crash_point(CrashPoint::commit_unknown);
    const Position at = store.opened().next_position;
    if (store.opened().went_back) return CommitOutcome::went_back;
    if (at == end && !batch.entries.empty()) return CommitOutcome::ok;
    if (at != committed_to_) return CommitOutcome::went_back;
    gathered_->batch.epoch = store.opened().epoch;
    const CommitOutcome outcome = store.commit(batch);
    if (outcome != CommitOutcome::unknown) return outcome;
  }
  return CommitOutcome::unknown;
}

void Committer::accept(const Batch& batch, bool written) {
  {
    const std::lock_guard lock(mutex_);
    if (!batch.entries.empty()) committed_to_ = batch.entries.back().position + 1;
    if (written) ++commits_;
  }
  for (const NewEntry& entry : batch.entries)
    for (const Derived::Address& address : entry.derived.addresses)
      ports_.addresses.set(address.hash, address.state);
  ports_.durable(batch);
}

void Committer::release(std::vector<ShardBatch> parts) {
  for (ShardBatch& part : parts) {
    for (auto& [done, what] : part.acknowledgements) done(what);
    part.acknowledgements.clear();
    crash_point(CrashPoint::commit_acknowledged);
    if (!part.nothing_to_release() || !part.seen.empty()) ports_.released(std::move(part));
  }
  crash_point(CrashPoint::commit_released);
  const std::lock_guard lock(mutex_);
  busy_ = false;
}

// Nothing of what waits becomes durable any more: whoever waits for an answer is told so.
void Committer::stop(CommitOutcome outcome) {
  std::string met;
  if (const auto use = ports_.store.use(); ports_.store.get()) met = ports_.store.get()->trouble();
  const Error error = trouble(outcome, met);
  log::error("store", "{}", error.text());
  std::vector<ShardBatch> refused;
  if (gathered_) refused = std::move(gathered_->parts);
  gathered_.reset();
  {
    const std::lock_guard lock(mutex_);
    health_ = error;
    busy_ = false;
    std::move(queued_.begin(), queued_.end(), std::back_inserter(refused));
    queued_.clear();
  }
  if (outcome == CommitOutcome::failed) ports_.fatal(error);
  for (ShardBatch& part : refused) refuse(part);
}

void Committer::refuse(ShardBatch& batch) {
  for (auto& [done, what] : batch.acknowledgements) done(Accepted::refused);
  batch.acknowledgements.clear();
}

// Is the newest generation of the store this one?
bool Committer::holds(uint64_t generation) const {
  const auto use = ports_.store.use();
  if (!ports_.store.get()) return false;
  const auto all = ports_.store.get()->reader()->generations();
  return all && !all->empty() && all->front().number == generation;
}

CommitOutcome Committer::commit_generation(std::vector<Source> sources, Generation generation) {
  constexpr int kMostTries = 5;
  const std::lock_guard committing(committing_);
  if (!health()) return CommitOutcome::failed;
  Batch batch;
  batch.at = engine_time();
  batch.sources = std::move(sources);
  batch.generation = std::move(generation);
  for (int i = 0; i < kMostTries; ++i) {
    const CommitOutcome outcome = write_alone(batch);
    if (outcome == CommitOutcome::ok || outcome == CommitOutcome::full) return outcome;
    if (outcome != CommitOutcome::unknown || !ports_.store.reopen()) {
      stop(outcome);
      return outcome;
    }
    if (holds(batch.generation->number)) return CommitOutcome::ok;
  }
  return CommitOutcome::failed;  // but the store can be read, and does not hold it
}

CommitOutcome Committer::write_alone(Batch& batch) {
  const auto use = ports_.store.use();
  Store& store = *ports_.store.get();
  batch.epoch = store.opened().epoch;
  return store.commit(batch);
}

bool Committer::regain_space() {
  const std::lock_guard committing(committing_);
  const auto use = ports_.store.use();
  Store* store = ports_.store.get();
  if (!low_on_space_ || full_ || !store || !store->regain_space()) return !low_on_space_;
  low_on_space_ = false;
  log::warn("store", "there is space again");
  return true;
}

bool Committer::idle() const {
  const std::lock_guard lock(mutex_);
  return queued_.empty() && !busy_;
}

Status Committer::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

Position Committer::tail() const {
  const std::lock_guard lock(mutex_);
  return committed_to_ - complete_to(committed_to_);
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
  const int64_t now = ports_.clock.now().ms;
  int64_t latest = latest_ms_.load(std::memory_order_relaxed);
  while (latest < now &&
         !latest_ms_.compare_exchange_weak(latest, now, std::memory_order_relaxed)) {
  }
  return {std::max(latest, now)};
}

}  // namespace relance
