#include "store/faulty_store.h"

namespace relance {
namespace {

CommitOutcome answer_of(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::unknown_kept:
    case Fault::Kind::unknown_lost: return CommitOutcome::unknown;
    case Fault::Kind::fenced: return CommitOutcome::fenced;
    case Fault::Kind::went_back: return CommitOutcome::went_back;
    case Fault::Kind::full: return CommitOutcome::full;
    case Fault::Kind::failed: return CommitOutcome::failed;
  }
  return CommitOutcome::failed;
}

class FaultyStore final : public Store {
 public:
  FaultyStore(std::unique_ptr<Store> inner, std::shared_ptr<FaultPlan> plan)
      : inner_(std::move(inner)), plan_(std::move(plan)) {}

  const Opened& opened() const override { return inner_->opened(); }
  std::string trouble() const override { return planned_ ? "as planned" : inner_->trouble(); }
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
    const uint64_t number = ++plan_->commits;
    auto& faults = plan_->faults;
    while (!faults.empty() && faults.front().at_commit < number) faults.pop_front();
    planned_ = !faults.empty() && faults.front().at_commit == number;
    if (!planned_) return inner_->commit(batch);
    const Fault::Kind kind = faults.front().kind;
    faults.pop_front();
    return strike(kind, batch);
  }

 private:
  CommitOutcome strike(Fault::Kind kind, const Batch& batch) {
    if (kind == Fault::Kind::unknown_kept) {
      const CommitOutcome kept = inner_->commit(batch);
      RELANCE_ASSERT(kept == CommitOutcome::ok);
    }
    if (kind == Fault::Kind::went_back && plan_->go_back) plan_->go_back();
    if (kind != Fault::Kind::full) ended_ = answer_of(kind);
    return answer_of(kind);
  }

  std::unique_ptr<Store> inner_;
  std::shared_ptr<FaultPlan> plan_;
  std::optional<CommitOutcome> ended_;
  bool planned_ = false;
};

}  // namespace

std::unique_ptr<Store> make_faulty_store(std::unique_ptr<Store> inner,
                                         std::shared_ptr<FaultPlan> plan) {
  return std::make_unique<FaultyStore>(std::move(inner), std::move(plan));
}

}  // namespace relance
