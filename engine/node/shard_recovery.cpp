// A shard after a start: the tail's entries applied again, then customers set going again.
#include <algorithm>

#include "base/crash_point.h"
#include "core/state/apply.h"
#include "node/shard.h"

namespace relance {

void Shard::replay(const StoredEntry& entry) {
  replayed_.push_back({entry.customer, entry.position, std::string(entry.body)});
}

Status Shard::apply_replayed(Position next) {
  const auto use = ports_.store.use();
  std::vector<Key> missing;
  for (const Replayed& one : replayed_)
    if (!hot_.peek(one.customer)) missing.push_back(one.customer);
  if (auto loaded = load_missing(std::move(missing)); !loaded) return loaded;
  for (const Replayed& one : replayed_)
    if (auto applied = apply(one); !applied) return applied;
  replayed_.clear();
  replay_from_ = next;
  crash_point(CrashPoint::tail_applied);
  return {};
}

Status Shard::apply(const Replayed& replayed) {
  HotCustomer& hot = *hot_.find(replayed.customer);
  if (replayed.position <= hot.last) return {};  // his snapshot has it
  auto entry = decode_entry(replayed.body);
  if (!entry) return entry.error();
  apply_entry(hot.customer, *entry, replayed.body);
  hot.last = replayed.position;
  if (hot.first_unsaved == 0) {
    hot.first_unsaved = replayed.position;
    unsaved_.emplace_back(replayed.position, replayed.customer);
  }
  hot_.measure(hot);
  note_due(hot);
  return {};
}

void Shard::cool_down() {
  std::vector<Key> saved;
  hot_.each([&](HotCustomer& hot) {
    if (hot.first_unsaved != 0) return;
    due_.left(hot.customer.id, hot.listed_due);
    saved.push_back(hot.customer.id);
  });
  for (const Key& customer : saved) hot_.erase(customer);
}

Result<size_t> Shard::recover() {
  const auto use = ports_.store.use();
  auto reader = ports_.store.reader();
  if (!reader) return reader.error();
  (*reader)->refresh();
  auto cold = due_.unfinished(**reader);
  if (!cold) return cold.error();
  std::vector<Key> customers = std::move(*cold);
  hot_.each([&](HotCustomer& hot) {
    if (hot.customer.unfinished()) customers.push_back(hot.customer.id);
  });
  std::sort(customers.begin(), customers.end());
  customers.erase(std::unique(customers.begin(), customers.end()), customers.end());
  for (const Key& customer : customers) post({customer, RecoverInput{}, {}});
  crash_point(CrashPoint::shard_recovered);
  // Tells the committer how far this shard's snapshots are, also when it has nothing to do.
  Work nothing(index_);
  queue(nothing);
  if (auto published = publish_due(); !published) return published.error();
  return customers.size();
}

}  // namespace relance
