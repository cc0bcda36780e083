#include "store/late_customers.h"

#include <algorithm>
#include <mutex>

namespace relance {
namespace {

constexpr auto kByKey = [](const LateCustomers::Item& a, const LateCustomers::Item& b) {
  return a.first < b.first;
};

}  // namespace

void LateCustomers::add(std::span<const Item> items) {
  std::unique_lock lock(mutex_);
  for (const auto& [customer, place] : items) growing_.insert_or_assign(customer, place);
}

std::optional<CustomerPlace> LateCustomers::find(const Key& customer) const {
  std::shared_lock lock(mutex_);
  if (const auto found = growing_.find(customer); found != growing_.end()) return found->second;
  if (!closed_) return std::nullopt;
  const auto found = std::lower_bound(closed_->begin(), closed_->end(), Item{customer, {}}, kByKey);
  if (found == closed_->end() || found->first != customer) return std::nullopt;
  return found->second;
}

std::optional<Key> LateCustomers::owner(uint64_t high) const {
  std::shared_lock lock(mutex_);
  if (const auto found = growing_.find(high); found != growing_.end()) return found->first;
  if (!closed_) return std::nullopt;
  const Item first{first_key(high), {}};
  const auto found = std::lower_bound(closed_->begin(), closed_->end(), first, kByKey);
  return found != closed_->end() && found->first.high() == high ? std::optional(found->first)
                                                                : std::nullopt;
}

std::vector<LateCustomers::Item> LateCustomers::all() const {
  std::shared_lock lock(mutex_);
  std::vector<Item> items(growing_.begin(), growing_.end());
  if (closed_)
    for (const Item& item : *closed_)
      if (!growing_.contains(item.first)) items.push_back(item);
  return items;
}

size_t LateCustomers::waiting() const {
  std::shared_lock lock(mutex_);
  return growing_.size() + (closed_ ? closed_->size() : 0);
}

size_t LateCustomers::growing() const {
  std::shared_lock lock(mutex_);
  return growing_.size();
}

bool LateCustomers::closed() const {
  std::shared_lock lock(mutex_);
  return closed_.has_value();
}

void LateCustomers::close(SnapshotRow complete_to) {
  std::unique_lock lock(mutex_);
  RELANCE_ASSERT(!closed_);
  closed_.emplace(growing_.begin(), growing_.end());
  std::sort(closed_->begin(), closed_->end(), kByKey);
  growing_.clear();
  complete_to_ = complete_to;
  done_ = 0;
  slice_ = {};
}

// Only the writing thread changes the closed generation, so it may read it without the lock.
const LateCustomers::Slice& LateCustomers::next_slice(size_t count) {
  if (!slice_.empty() || !closed_) return slice_;
  const size_t end = std::min(done_ + count, closed_->size());
  slice_.items.assign(closed_->begin() + static_cast<ptrdiff_t>(done_),
                      closed_->begin() + static_cast<ptrdiff_t>(end));
  slice_.last = end == closed_->size();
  slice_.complete_to = complete_to_;
  return slice_;
}

void LateCustomers::slice_written() {
  done_ += slice_.items.size();
  if (slice_.last) {
    std::unique_lock lock(mutex_);
    closed_.reset();
  }
  slice_.items.clear();
  slice_.last = false;
}

}  // namespace relance
