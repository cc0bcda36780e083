#include "sim/world/world_drive.h"

#include <algorithm>

namespace relance {

void WorldDrive::attach(NodeCore& node) {
  node_ = &node;
  desks_.resize(node.shards());
  node.help_the_slowest();
}

void WorldDrive::shard_ready(size_t shard) {
  if (desks_.size() <= shard) desks_.resize(shard + 1);
  desks_[shard].ready = true;
}

void WorldDrive::released(ShardBatch batch) {
  shard_ready(batch.shard);
  desks_[batch.shard].durable.push_back(std::move(batch));
}

void WorldDrive::call_at(Instant at, std::function<void()> work, bool watchdog) {
  alarms_.emplace(clock_.since_boot() + (at - clock_.now()), Alarm{std::move(work), watchdog});
}

Instant WorldDrive::next_alarm(bool with_watchdogs) const {
  for (const auto& [at, alarm] : alarms_)
    if (with_watchdogs || !alarm.watchdog) return clock_.now() + (at - clock_.since_boot());
  return Instant::never();
}

bool WorldDrive::ring() {
  if (alarms_.empty() || alarms_.begin()->first > clock_.since_boot()) return false;
  const std::function<void()> work = std::move(alarms_.begin()->second.work);
  alarms_.erase(alarms_.begin());
  work();
  return true;
}

bool WorldDrive::is_idle() const {
  return !commit_waits_ &&
         std::none_of(desks_.begin(), desks_.end(), [](const Desk& desk) { return desk.ready; });
}

bool WorldDrive::step() {
  std::vector<size_t> ready;
  for (size_t i = 0; i < desks_.size(); ++i)
    if (desks_[i].ready) ready.push_back(i);
  const bool full = node_->committer().full();
  if (commit_waits_ && !full && (ready.empty() || chance_.percent(50))) {
    commit();
    return true;
  }
  if (ready.empty()) return false;
  work(chance_.pick(ready));
  return true;
}

// As the real drive's task of a shard: effects of what is durable come first.
void WorldDrive::work(size_t shard) {
  Desk& desk = desks_[shard];
  desk.ready = false;
  if (!failure_) return node_->refuse_mail(shard);
  std::vector<ShardBatch> durable = std::move(desk.durable);
  desk.durable.clear();
  for (ShardBatch& batch : durable) {
    node_->finish(batch);
    for (Outgoing& effect : batch.outgoing) node_->perform(std::move(effect), *batch.active);
  }
  if (auto drained = node_->drain(shard, false); !drained) note_failure(drained.error());
  node_->grant_slots();
}

void WorldDrive::commit() {
  commit_waits_ = false;
  if (node_->commit()) {
    node_->help_the_slowest();
    commit_waits_ = !node_->committer().idle();
  }
  if (auto healthy = node_->health(); !healthy) note_failure(healthy.error());
}

bool WorldDrive::look_around() {
  if (node_->committer().full()) commit();
  if (failure_) {
    node_->wake_due();
    node_->grant_slots();
  }
  return !is_idle();
}

}  // namespace relance
