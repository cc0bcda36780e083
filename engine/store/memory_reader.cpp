#include "store/memory_reader.h"

#include <fmt/format.h>

#include "store/late_tables.h"

namespace relance {
namespace {

constexpr size_t kEntriesAtOnce = 256, kCustomersAtOnce = 256;

}  // namespace

Result<std::vector<std::optional<StoredCustomer>>> MemoryReader::load(
    std::span<const Key> customers) {
  std::shared_lock lock(disk_->mutex_);
  std::vector<std::optional<StoredCustomer>> answers(customers.size());
  for (size_t i = 0; i < customers.size(); ++i) {
    const auto found = disk_->state_.customers.find(customers[i]);
    if (found != disk_->state_.customers.end()) {
      const auto& stored = found->second;
      answers[i] = {stored.body, stored.last, stored.holds, stored.next_due};
    }
  }
  return answers;
}

Result<std::vector<DueCustomer>> MemoryReader::due(uint64_t from, uint64_t to, Instant until,
                                                   size_t limit, const DueCustomer& after) {
  std::shared_lock lock(disk_->mutex_);
  std::vector<DueCustomer> due;
  const auto& all = disk_->state_.due;
  for (auto it = all.upper_bound({after.next_due, after.customer}); it != all.end(); ++it) {
    const auto& [next_due, customer] = *it;
    if (next_due > until || due.size() >= limit) break;
    const uint64_t high = customer.high();
    if (high >= from && (to == 0 || high < to)) due.push_back({customer, next_due});
  }
  return due;
}

Result<std::optional<Key>> MemoryReader::owner(uint64_t high) {
  std::shared_lock lock(disk_->mutex_);
  const auto& all = disk_->state_.customers;
  const auto found = all.lower_bound(first_key(high));
  const bool his = found != all.end() && found->first.high() == high;
  return his ? std::optional(found->first) : std::nullopt;
}

Result<bool> MemoryReader::seen(uint64_t hash) {
  std::shared_lock lock(disk_->mutex_);
  return disk_->state_.seen.find(hash) != nullptr;
}

Result<std::optional<Derived::Reference>> MemoryReader::reference(uint64_t hash) {
  using Answer = std::optional<Derived::Reference>;
  StoredEntry entry;
  {
    std::shared_lock lock(disk_->mutex_);
    const Position* position = disk_->state_.references.find(hash);
    if (position == nullptr) return Answer{};
    entry = disk_->entry_at(*position);
  }
  return last_reference(derive_(entry.customer, entry.body), hash);
}

Status MemoryReader::entries(Position from, Position to, const EntryVisitor& visit) {
  std::vector<StoredEntry> some;
  for (Position next = std::max<Position>(from, 1);; next += some.size()) {
    some.clear();
    {
      std::shared_lock lock(disk_->mutex_);
      const Position end = std::min<Position>(to, disk_->state_.entries.size() + 1);
      for (Position at = next; at < end && some.size() < kEntriesAtOnce; ++at) {
        some.push_back(disk_->entry_at(at));
      }
    }
    if (some.empty()) return {};
    for (const StoredEntry& entry : some) {
      if (!visit(entry)) return {};
    }
  }
}

Status MemoryReader::walk_back(Position last, const EntryVisitor& visit) {
  for (Position position = last; position != 0;) {
    StoredEntry entry;
    {
      std::shared_lock lock(disk_->mutex_);
      if (position > disk_->state_.entries.size()) {
        return Error{Code::store_corrupt, fmt::format("entry {} is missing", position), {}, ""};
      }
      entry = disk_->entry_at(position);
    }
    if (!visit(entry)) break;
    position = entry.previous;
  }
  return {};
}

Status MemoryReader::customers(const std::function<bool(const Snapshot&)>& visit) {
  std::vector<Snapshot> some;
  for (std::optional<Key> last;;) {
    some.clear();
    {
      std::shared_lock lock(disk_->mutex_);
      const auto& all = disk_->state_.customers;
      for (auto it = last ? all.upper_bound(*last) : all.begin();
           it != all.end() && some.size() < kCustomersAtOnce; ++it) {
        const auto& stored = it->second;
        some.push_back({it->first, stored.last, stored.next_due, stored.body, false, stored.holds});
      }
    }
    if (some.empty()) return {};
    last = some.back().customer;
    for (const Snapshot& snapshot : some) {
      if (!visit(snapshot)) return {};
    }
  }
}

Result<std::optional<std::string>> MemoryReader::source(std::string_view hash) {
  using Answer = std::optional<std::string>;
  std::shared_lock lock(disk_->mutex_);
  const auto found = disk_->state_.sources.find(hash);
  return found == disk_->state_.sources.end() ? Answer{} : Answer{found->second};
}

Result<std::vector<Generation>> MemoryReader::generations() {
  std::shared_lock lock(disk_->mutex_);
  std::vector<Generation> generations;
  for (const auto& [number, generation] : disk_->state_.generations) {
    generations.insert(generations.begin(), generation);
  }
  return generations;
}

}  // namespace relance
