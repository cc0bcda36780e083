// What a shard is asked to do between two decisions.
#include "node/shard.h"

namespace relance {

void Shard::ask(Errand errand) {
  const std::lock_guard lock(mutex_);
  errands_.push_back(std::move(errand));
  has_errands_ = true;
}

void Shard::run_errands(bool drains) {
  if (!has_errands_) return;
  std::vector<Errand> errands;
  {
    const std::lock_guard lock(mutex_);
    errands.swap(errands_);
    has_errands_ = false;
  }
  for (const Errand& errand : errands) errand(drains);
}

}  // namespace relance
