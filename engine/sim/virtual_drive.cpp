#include "sim/virtual_drive.h"

#include <tbb/parallel_for_each.h>
#include <tbb/task_arena.h>

#include <algorithm>

namespace relance {

struct VirtualDrive::Workers {
  explicit Workers(int count) : arena(count) {}
  tbb::task_arena arena;
};

namespace {

// Effects of one round leave by customer, then in the order in which they were decided.
Key customer_of(const Outgoing& effect) {
  if (const auto* send = std::get_if<SendOut>(&effect)) return send->order->customer;
  if (const auto* look_up = std::get_if<LookUpOut>(&effect)) return look_up->order->customer;
  if (const auto* recall = std::get_if<RecallOut>(&effect)) return recall->order->customer;
  return std::visit(
      [](const auto& one) -> Key {
        if constexpr (requires { one.customer; })
          return one.customer;
        else
          return {};
      },
      effect);
}

}  // namespace

VirtualDrive::VirtualDrive(VirtualClock& clock, int workers)
    : clock_(clock), workers_(workers > 1 ? std::make_unique<Workers>(workers) : nullptr) {}

VirtualDrive::~VirtualDrive() = default;

void VirtualDrive::attach(NodeCore& node) {
  node_ = &node;
  ready_.resize(node.shards());
}

void VirtualDrive::shard_ready(size_t shard) {
  const std::lock_guard lock(mutex_);
  if (ready_.size() <= shard) ready_.resize(shard + 1);
  ready_[shard] = true;
}

void VirtualDrive::released(ShardBatch batch) { released_.push_back(std::move(batch)); }

void VirtualDrive::call_at(Instant at, std::function<void()> work, bool watchdog) {
  const std::lock_guard lock(mutex_);
  if (!watchdog) ++alarms_that_matter_;
  alarms_.push({at, alarms_set_++, std::move(work), watchdog});
}

Status VirtualDrive::drain_all(const std::vector<size_t>& shards) {
  if (!workers_ || shards.size() < 2) {
    for (size_t shard : shards)
      if (auto drained = node_->drain(shard, true); !drained) return drained;
    return {};
  }
  std::mutex mutex;
  Status first;
  workers_->arena.execute([&] {
    tbb::parallel_for_each(shards.begin(), shards.end(), [&](size_t shard) {
      auto drained = node_->drain(shard, true);
      const std::lock_guard lock(mutex);
      if (!drained && first) first = drained;
    });
  });
  return first;
}

void VirtualDrive::release_all() {
  if (released_.empty()) return;
  std::vector<ShardBatch> batches = std::move(released_);
  released_.clear();
  std::vector<Outgoing> effects;
  for (ShardBatch& batch : batches) {
    std::move(batch.outgoing.begin(), batch.outgoing.end(), std::back_inserter(effects));
    node_->finish(batch);
  }
  if (effects.size() > 1)
    std::stable_sort(effects.begin(), effects.end(), [](const Outgoing& a, const Outgoing& b) {
      return customer_of(a) < customer_of(b);
    });
  for (Outgoing& effect : effects) node_->perform(std::move(effect));
}

// True: something was done.
Result<bool> VirtualDrive::round() {
  std::vector<size_t> shards;
  {
    const std::lock_guard lock(mutex_);
    for (size_t i = 0; i < ready_.size(); ++i)
      if (ready_[i]) shards.push_back(i);
    std::fill(ready_.begin(), ready_.end(), false);
  }
  if (auto drained = drain_all(shards); !drained) return drained.error();
  bool worked = !shards.empty();
  while (node_->commit()) worked = true;
  if (auto healthy = node_->health(); !healthy) return healthy.error();
  if (node_->committer().full())
    return Error{Code::store_full, "the store has no space left", {}, ""};
  release_all();
  node_->help_the_slowest();
  return worked;
}

// All alarms of this instant, in the order in which they were set.
bool VirtualDrive::ring_alarms() {
  bool rang = false;
  while (true) {
    std::function<void()> work;
    {
      const std::lock_guard lock(mutex_);
      if (alarms_.empty() || alarms_.top().at > clock_.now()) return rang;
      work = alarms_.top().work;
      if (!alarms_.top().watchdog) --alarms_that_matter_;
      alarms_.pop();
    }
    work();
    rang = true;
  }
}

Instant VirtualDrive::next_instant() {
  const Instant next = node_->next_due();
  const std::lock_guard lock(mutex_);
  const bool only_watchdogs =
      next.is_never() && alarms_that_matter_ == 0 && node_->open_operations() == 0;
  return alarms_.empty() || only_watchdogs ? next : std::min(next, alarms_.top().at);
}

Status VirtualDrive::run(Instant until) {
  while (true) {
    auto worked = round();
    if (!worked) return worked.error();
    if (*worked) continue;
    if (ring_alarms()) continue;
    node_->grant_slots();
    {
      const std::lock_guard lock(mutex_);
      if (std::find(ready_.begin(), ready_.end(), true) != ready_.end()) continue;
    }
    const Instant next = next_instant();
    if (next.is_never()) return {};
    if (next > until) {
      clock_.set(std::max(until, clock_.now()));
      return {};
    }
    if (next > clock_.now()) clock_.set(next);
    node_->wake_due();
  }
}

}  // namespace relance
