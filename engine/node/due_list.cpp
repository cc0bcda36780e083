#include "node/due_list.h"

#include <algorithm>
#include <iterator>

namespace relance {
namespace {

constexpr size_t kPage = 1024;      // rows read at once
constexpr size_t kMostCold = 4096;  // kept in memory; of more, the soonest half
constexpr size_t kTidyFrom = 4096;

const std::pair kEnd{Instant::never(), [] {
                       Key last;
                       last.bytes.fill(0xff);
                       return last;
                     }()};

}  // namespace

DueList::DueList(uint64_t from, uint64_t to, Known known)
    : from_(from), to_(to), known_(std::move(known)) {}

void DueList::add(const Key& customer, Instant at) {
  if (at.is_never()) return;
  hot_.push({at, customer});
  if (hot_.size() >= tidy_at_) tidy();
}

void DueList::left(const Key& customer, Instant due) {
  const Item item{due, customer};
  if (due.is_never() || item > read_to_) return;
  cold_.insert(item);
  keep_soonest();
}

void DueList::loaded(const Key& customer, Instant due) { cold_.erase({due, customer}); }

bool DueList::holds(const Item& item) const {
  const auto known = known_(item.second);
  return known && *known == item.first;
}

void DueList::drop_stale() {
  while (!hot_.empty() && !holds(hot_.top())) hot_.pop();
}

void DueList::tidy() {
  std::vector<Item> kept;
  for (; !hot_.empty(); hot_.pop())
    if (holds(hot_.top())) kept.push_back(hot_.top());
  tidy_at_ = std::max(kTidyFrom, 2 * kept.size());
  hot_ = decltype(hot_)(std::greater<>(), std::move(kept));
}

// The more distant ones are read again when their time comes near.
void DueList::keep_soonest() {
  if (cold_.size() <= kMostCold) return;
  cold_.erase(std::next(cold_.begin(), kMostCold / 2), cold_.end());
  read_to_ = *cold_.rbegin();
}

Status DueList::read_page(StoreReader& reader) {
  reader.refresh();
  auto page = reader.due(from_, to_, Instant::never(), kPage, {read_to_.second, read_to_.first});
  if (!page) return page.error();
  for (const DueCustomer& one : *page)
    if (!known_(one.customer)) cold_.emplace(one.next_due, one.customer);
  read_to_ = page->size() < kPage ? kEnd : Item{page->back().next_due, page->back().customer};
  return {};
}

Result<Instant> DueList::next_cold(StoreReader& reader) {
  while (cold_.empty() && read_to_ != kEnd)
    if (auto read = read_page(reader); !read) return read.error();
  return cold_.empty() ? Instant::never() : cold_.begin()->first;
}

Result<bool> DueList::take(StoreReader& reader, Instant now, size_t most, std::vector<Key>& due) {
  bool more = false;
  while (true) {
    drop_stale();
    const auto cold = next_cold(reader);
    if (!cold) return cold.error();
    const bool hot_due = !hot_.empty() && hot_.top().first <= now;
    if (!hot_due && *cold > now) break;
    if ((more = due.size() == most)) break;
    if (hot_due) {
      due.push_back(hot_.top().second);
      hot_.pop();
    } else {
      due.push_back(cold_.begin()->second);
      cold_.erase(cold_.begin());
    }
  }
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  return more;
}

Result<Instant> DueList::next(StoreReader& reader) {
  drop_stale();
  const auto cold = next_cold(reader);
  if (!cold || hot_.empty()) return cold;
  return std::min(*cold, hot_.top().first);
}

Result<std::vector<Key>> DueList::unfinished(StoreReader& reader) const {
  auto due = reader.due(from_, to_, Instant::beginning(), SIZE_MAX);
  if (!due) return due.error();
  std::vector<Key> customers;
  for (const DueCustomer& one : *due) customers.push_back(one.customer);
  return customers;
}

}  // namespace relance
