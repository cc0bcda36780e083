#include "sim/world/world_store.h"

#include "node/derived.h"

namespace relance {

// One opening of the disk.
class WorldStore final : public Store {
 public:
  WorldStore(std::unique_ptr<Store> inner, WorldDisk& disk)
      : inner_(std::move(inner)), disk_(disk) {}

  const Opened& opened() const override { return inner_->opened(); }
  std::string trouble() const override { return ended_ ? "as planned" : inner_->trouble(); }
  bool low_on_space() const override { return disk_.low_on_space(); }
  bool regain_space() override { return !disk_.low_on_space(); }
  Result<bool> maintain() override { return inner_->maintain(); }
  std::unique_ptr<StoreReader> reader() override { return inner_->reader(); }
  Status addresses(const std::function<void(const Derived::Address&)>& visit) override {
    return inner_->addresses(visit);
  }
  using Store::check;
  Status check(const Progress& progress) override { return inner_->check(progress); }
  StoreStatistics statistics() const override { return inner_->statistics(); }

  CommitOutcome commit(const Batch& batch) override {
    if (ended_) return *ended_;
    const CommitOutcome outcome = disk_.commit(batch, *inner_);
    if (outcome != CommitOutcome::ok && outcome != CommitOutcome::full) ended_ = outcome;
    return outcome;
  }

 private:
  std::unique_ptr<Store> inner_;
  WorldDisk& disk_;
  std::optional<CommitOutcome> ended_;
};

WorldDisk::WorldDisk(const Plan& plan, const WorldClock& clock, Story& story, Mortality& mortality)
    : plan_(plan),
      clock_(clock),
      story_(story),
      mortality_(mortality),
      chance_(plan.seed, "store") {
  if (!plan.goes_back) return;
  copied_at_ = static_cast<uint64_t>(chance_.between(2, 150));
  goes_back_at_ = copied_at_ + static_cast<uint64_t>(chance_.between(1, 60));
}

Result<std::unique_ptr<Store>> WorldDisk::open() {
  mortality_.visit("before the store is opened");
  StoreOptions options;
  options.installation_seed = std::to_string(plan_.seed);
  options.derive = entry_deriver();
  options.redact = entry_redactor();
  auto inner = open_memory_store(disk_, std::move(options));
  if (!inner) return inner.error();
  taken_over_ = false;
  noted_loss_ = noted_loss_ || (*inner)->opened().went_back;
  mortality_.visit("the store is open");
  std::unique_ptr<Store> store = std::make_unique<WorldStore>(std::move(*inner), *this);
  return store;
}

void WorldDisk::mend() {
  mended_ = true;
  full_until_ = low_until_ = Instant::beginning();
}

void WorldDisk::go_back() {
  disk_->go_back_to(*earlier_->disk);
  durable_ = earlier_->durable;
  earlier_.reset();
  lost_commits_ = true;
}

// What stands in the way of this commit; nullopt: nothing does.
std::optional<CommitOutcome> WorldDisk::trouble(const Batch& batch, Store& inner) {
  if (clock_.true_now() < full_until_) return CommitOutcome::full;
  if (mended_) return std::nullopt;
  ++commits_;
  if (commits_ == copied_at_) earlier_ = Copy{disk_->copy(), durable_};
  if (commits_ == goes_back_at_ && earlier_) {
    story_.tell("the store goes back");
    go_back();
    return inner.commit(batch);
  }
  if (chance_.one_in(plan_.full)) {
    story_.tell("the disk is full");
    full_until_ = clock_.true_now() + chance_.log_span(milliseconds(1), hours(6));
    return CommitOutcome::full;
  }
  if (chance_.one_in(plan_.short_of_space)) {
    story_.tell("space is short");
    low_until_ = clock_.true_now() + chance_.log_span(milliseconds(1), hours(6));
  }
  if (chance_.one_in(plan_.taken_over)) {
    story_.tell("another writer takes over");
    disk_->raise_epoch();
    taken_over_ = true;
  }
  if (chance_.one_in(plan_.unknown)) {
    const bool kept = chance_.percent(50);
    story_.tell("the answer is lost", kept ? "kept" : "lost");
    if (kept) keep(batch, inner);
    return CommitOutcome::unknown;
  }
  if (chance_.one_in(plan_.io_error)) {
    story_.tell("the disk fails");
    if (chance_.percent(50)) keep(batch, inner);
    return CommitOutcome::failed;
  }
  return std::nullopt;
}

CommitOutcome WorldDisk::keep(const Batch& batch, Store& inner) {
  const CommitOutcome outcome = inner.commit(batch);
  if (outcome != CommitOutcome::ok) return outcome;
  if (taken_over_)
    throw Violation("O4", "a writer commits although another has taken the store over");
  durable_.take(batch, clock_.true_now(), life_);
  story_.tell("commit", std::string(), static_cast<int64_t>(durable_.next_position()),
              static_cast<int64_t>(batch.snapshots.size()));
  if (follow) follow(durable_.news());
  return outcome;
}

CommitOutcome WorldDisk::commit(const Batch& batch, Store& inner) {
  mortality_.visit("before a commit");
  const auto met = trouble(batch, inner);
  const CommitOutcome outcome = met ? *met : keep(batch, inner);
  in_trouble_ = outcome != CommitOutcome::ok;
  if (outcome != CommitOutcome::ok && outcome != CommitOutcome::full &&
      outcome != CommitOutcome::unknown) {
    story_.tell("store", std::string(commit_outcome_name(outcome)));
    if (distrust) distrust();
  }
  mortality_.visit("after a commit");
  return outcome;
}

}  // namespace relance
