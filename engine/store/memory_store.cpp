#include "store/memory_store.h"

#include <fmt/format.h>

#include <mutex>

#include "store/erased.h"
#include "store/installation.h"
#include "store/memory_reader.h"
#include "store/store_check.h"

namespace relance {

class MemoryStore final : public Store {
 public:
  MemoryStore(std::shared_ptr<MemoryDisk> disk, StoreOptions options)
      : disk_(std::move(disk)), options_(std::move(options)) {
    std::unique_lock lock(disk_->mutex_);
    MemoryDisk::State& state = disk_->state_;
    opened_.created = state.installation.empty();
    if (opened_.created) state.installation = make_installation(options_.installation_seed);
    if (!options_.read_only) {
      opened_.went_back = state.commits < disk_->acknowledged_;
      state.epoch = disk_->highest_epoch_ = std::max(state.epoch, disk_->highest_epoch_) + 1;
      disk_->acknowledged_ = ++state.commits;
    }
    commits_ = state.commits;
    opened_.installation = state.installation;
    opened_.epoch = state.epoch;
    opened_.last_worked = opened_.went_back ? state.epoch : state.worked;
    opened_.next_position = state.entries.size() + 1;
    opened_.horizon = state.horizon;
    opened_.last_commit_at = state.at;
    for (const auto& [customer, at] : disk_->erased_)
      if (const auto known = state.erased.find(customer);
          known == state.erased.end() || known->second < at)
        opened_.erase_again.push_back(customer);
  }

  ~MemoryStore() override {
    std::unique_lock lock(disk_->mutex_);
    if (!options_.read_only) disk_->has_writer_ = false;
  }

  static Result<std::unique_ptr<Store>> open(std::shared_ptr<MemoryDisk> disk,
                                             StoreOptions options) {
    RELANCE_ASSERT(options.derive != nullptr);
    if (!options.read_only) {
      std::unique_lock lock(disk->mutex_);
      if (disk->has_writer_) {
        return Error{Code::store_in_use, "the memory store is in use by another writer", {}, ""};
      }
      disk->has_writer_ = true;
    }
    return std::unique_ptr<Store>(new MemoryStore(std::move(disk), std::move(options)));
  }

  const Opened& opened() const override { return opened_; }
  std::string trouble() const override { return trouble_; }
  Result<bool> maintain() override { return false; }
  std::unique_ptr<StoreReader> reader() override {
    return std::make_unique<MemoryReader>(disk_, options_.derive);
  }

  CommitOutcome commit(const Batch& batch) override {
    if (ended_) return *ended_;
    if (options_.read_only) return CommitOutcome::fenced;
    RELANCE_ASSERT(batch.epoch <= opened_.epoch);
    if (batch.epoch < opened_.epoch) return CommitOutcome::fenced;
    std::unique_lock lock(disk_->mutex_);
    if (const auto refused = judge(batch)) return *refused;
    if (const Status applied = apply(batch); !applied) {
      trouble_ = applied.error().message;
      ended_ = CommitOutcome::failed;
      return *ended_;
    }
    return CommitOutcome::ok;
  }

  Status addresses(const std::function<void(const Derived::Address&)>& visit) override {
    for (const Derived::Address& address : known_addresses()) visit(address);
    return {};
  }

  using Store::check;
  Status check(const Progress& progress) override {
    MemoryReader reader(disk_, options_.derive);
    return check_store({reader, next_position(), options_.derive, known_addresses(), progress});
  }

  StoreStatistics statistics() const override {
    std::shared_lock lock(disk_->mutex_);
    StoreStatistics statistics;
    statistics.commits = disk_->state_.commits;
    statistics.entries = disk_->state_.entries.size();
    return statistics;
  }

 private:
  Position next_position() const {
    std::shared_lock lock(disk_->mutex_);
    return disk_->state_.entries.size() + 1;
  }

  std::vector<Derived::Address> known_addresses() const {
    std::shared_lock lock(disk_->mutex_);
    std::vector<Derived::Address> known;
    for (const auto& [hash, state] : disk_->state_.addresses) known.push_back({hash, state});
    return known;
  }

  // Why this batch cannot be taken; the same judgements as on disk.
  std::optional<CommitOutcome> judge(const Batch& batch) {
    const MemoryDisk::State& state = disk_->state_;
    if (state.epoch != opened_.epoch || state.commits != commits_) {
      const bool older =
          state.epoch < opened_.epoch || (state.epoch == opened_.epoch && state.commits < commits_);
      ended_ = older ? CommitOutcome::went_back : CommitOutcome::fenced;
      trouble_ = fmt::format("the memory store is at epoch {}, commit {}; this writer left {}, {}",
                             state.epoch, state.commits, opened_.epoch, commits_);
      return ended_;
    }
    uint64_t bytes = state.entry_bytes;
    for (const NewEntry& entry : batch.entries) bytes += entry.body.size();
    if (options_.max_bytes > 0 && bytes > options_.max_bytes) {
      trouble_ = fmt::format("the memory store may hold {} bytes", options_.max_bytes);
      return CommitOutcome::full;
    }
    return std::nullopt;
  }

  Status apply(const Batch& batch) {
    MemoryDisk::State& state = disk_->state_;
    for (const NewEntry& entry : batch.entries) {
      RELANCE_ASSERT(entry.position == state.entries.size() + 1);
      RELANCE_ASSERT(entry.previous < entry.position);
      disk_->append(entry);
      if (!entry.erases) continue;
      if (const Status erased = disk_->erase(entry, batch.at, options_.redact); !erased)
        return erased;
    }
    const ErasedIn erased(batch);
    RELANCE_ASSERT(batch.snapshots_complete_to <= state.entries.size() + 1);
    for (const Snapshot& snapshot : batch.snapshots)
      if (!erased.before(snapshot)) disk_->put(snapshot);
    for (const Source& source : batch.sources) state.sources.try_emplace(source.hash, source.text);
    if (batch.generation) state.generations[batch.generation->number] = *batch.generation;
    state.horizon = std::max(state.horizon, batch.snapshots_complete_to);
    state.at = std::max(state.at, batch.at);
    commits_ = disk_->acknowledged_ = ++state.commits;
    state.worked = state.epoch;
    return {};
  }

  std::shared_ptr<MemoryDisk> disk_;
  StoreOptions options_;
  Opened opened_;
  uint64_t commits_ = 0;
  std::optional<CommitOutcome> ended_;
  std::string trouble_;
};

Result<std::unique_ptr<Store>> open_memory_store(std::shared_ptr<MemoryDisk> disk,
                                                 StoreOptions options) {
  return MemoryStore::open(std::move(disk), std::move(options));
}

}  // namespace relance
