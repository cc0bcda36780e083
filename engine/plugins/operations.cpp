#include "plugins/operations.h"

#include <algorithm>

namespace relance {

uint64_t Operations::begin(Operation operation) {
  const std::lock_guard lock(mutex_);
  operation.id = next_++;
  const uint64_t id = operation.id;
  if (operation.acts) by_touch_[operation.touch] = id;
  operations_.emplace(id, std::move(operation));
  ++open_;
  return id;
}

std::optional<Operation> Operations::take(uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto it = operations_.find(id);
  if (it == operations_.end()) return std::nullopt;
  Operation operation = std::move(it->second);
  operations_.erase(it);
  if (const auto touch = by_touch_.find(operation.touch);
      touch != by_touch_.end() && touch->second == id)
    by_touch_.erase(touch);
  --open_;
  if (operation.leaving > 0) operation.wire = Wire::maybe;
  return operation;
}

void Operations::mark(uint64_t id, Wire wire) {
  const std::lock_guard lock(mutex_);
  if (const auto it = operations_.find(id); it != operations_.end()) it->second.wire = wire;
}

void Operations::leaving(uint64_t id) {
  const std::lock_guard lock(mutex_);
  if (const auto it = operations_.find(id); it != operations_.end()) ++it->second.leaving;
}

void Operations::left(uint64_t id, Wire wire) {
  const std::lock_guard lock(mutex_);
  const auto it = operations_.find(id);
  if (it == operations_.end()) return;
  Operation& operation = it->second;
  --operation.leaving;
  if (wire == Wire::maybe || operation.wire == Wire::not_sent) operation.wire = wire;
}

std::shared_ptr<const void> Operations::hold(uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto it = operations_.find(id);
  if (it == operations_.end()) return nullptr;
  Operation& operation = it->second;
  if (!operation.held) {
    const auto done =
        std::make_shared<std::function<void(OperationResult)>>(std::move(operation.done));
    operation.done = [done](OperationResult result) {
      if (*done) (*done)(std::move(result));
    };
    operation.held = done;
  }
  return operation.held;
}

std::string Operations::trace_of(uint64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto it = operations_.find(id);
  return it == operations_.end() ? std::string() : it->second.trace;
}

std::optional<uint64_t> Operations::of_touch(const Key& touch) const {
  const std::lock_guard lock(mutex_);
  const auto it = by_touch_.find(touch);
  return it == by_touch_.end() ? std::nullopt : std::optional(it->second);
}

std::optional<std::pair<Key, Key>> Operations::about(uint64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto it = operations_.find(id);
  if (it == operations_.end()) return std::nullopt;
  return std::pair(it->second.customer, it->second.touch);
}

Instance* Operations::instance_of(uint64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto it = operations_.find(id);
  return it == operations_.end() ? nullptr : it->second.instance;
}

bool Operations::any_of(const Instance& instance) const {
  const std::lock_guard lock(mutex_);
  return std::any_of(operations_.begin(), operations_.end(),
                     [&](const auto& one) { return one.second.instance == &instance; });
}

std::vector<uint64_t> Operations::over(Duration since_boot) const {
  const std::lock_guard lock(mutex_);
  std::vector<uint64_t> ids;
  for (const auto& [id, operation] : operations_)
    if (operation.limit <= since_boot) ids.push_back(id);
  return ids;
}

std::unordered_map<const Instance*, Operations::UnderWay> Operations::under_way() const {
  const std::lock_guard lock(mutex_);
  std::unordered_map<const Instance*, UnderWay> all;
  for (const auto& [id, operation] : operations_) {
    UnderWay& one = all[operation.instance];
    ++one.count;
    one.since = std::min(one.since, operation.began);
  }
  return all;
}

std::optional<Duration> Operations::next_limit() const {
  const std::lock_guard lock(mutex_);
  std::optional<Duration> next;
  for (const auto& [id, operation] : operations_)
    next = std::min(next.value_or(operation.limit), operation.limit);
  return next;
}

}  // namespace relance
