#include "node/due_list.h"

#include <algorithm>

namespace relance {
namespace {

constexpr Duration kWindow = minutes(10);
constexpr size_t kPage = 1024;

Key last_key() {
  Key key;
  key.bytes.fill(0xff);
  return key;
}

}  // namespace

DueList::DueList(uint64_t from, uint64_t to, Known known)
    : from_(from), to_(to), known_(std::move(known)) {}

void DueList::add(const Key& customer, Instant at) {
  if (at.is_never()) return;
  list_.push({at, customer});
  if (list_.size() >= tidy_at_) tidy();
}

// His item is in the list already; beyond what was read his row tells.
void DueList::left(const Key& customer, Instant due) {
  if (due > read_to_.next_due) {
    if (beyond_) beyond_ = std::min(*beyond_, due);
  } else if (due > taken_to_) {
    cold_[customer] = due;
  }
}

void DueList::loaded(const Key& customer, Instant due) {
  cold_.erase(customer);
  if (beyond_ == due) beyond_.reset();
}

// An item holds as long as it says what is known of its customer.
bool DueList::holds(const Item& item) const {
  if (const auto known = known_(item.customer)) return *known == item.at;
  const auto cold = cold_.find(item.customer);
  return cold != cold_.end() && cold->second == item.at;
}

void DueList::drop_stale() {
  while (!list_.empty() && !holds(list_.top())) list_.pop();
}

void DueList::tidy() {
  std::vector<Item> kept;
  for (; !list_.empty(); list_.pop())
    if (holds(list_.top())) kept.push_back(list_.top());
  tidy_at_ = std::max<size_t>(4096, 2 * kept.size());
  list_ = decltype(list_)(std::greater<>(), std::move(kept));
}

Status DueList::read_page(StoreReader& reader, Instant until) {
  reader.refresh();
  auto page = reader.due(from_, to_, until, kPage, read_to_);
  if (!page) return page.error();
  for (const DueCustomer& one : *page) {
    if (known_(one.customer)) continue;
    list_.push({one.next_due, one.customer});
    cold_[one.customer] = one.next_due;
  }
  read_to_ = page->size() < kPage ? DueCustomer{last_key(), until} : page->back();
  beyond_.reset();
  return {};
}

Result<bool> DueList::take(StoreReader& reader, Instant now, size_t most, std::vector<Key>& due) {
  bool more = false;
  taken_to_ = std::max(taken_to_, now);
  while (true) {
    drop_stale();
    if (!list_.empty() && list_.top().at <= now) {
      if ((more = due.size() == most)) break;
      due.push_back(list_.top().customer);
      cold_.erase(list_.top().customer);
      list_.pop();
    } else if (read_to_.next_due <= now) {
      if (auto read = read_page(reader, now + kWindow); !read) return read.error();
    } else {
      break;
    }
  }
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  return more;
}

// Rows of hot customers are passed over: memory knows better.
Result<Instant> DueList::soonest_beyond(StoreReader& reader) const {
  reader.refresh();
  DueCustomer after = read_to_;
  for (size_t limit = 4;; limit = kPage) {
    auto page = reader.due(from_, to_, Instant::never(), limit, after);
    if (!page) return page.error();
    for (const DueCustomer& one : *page)
      if (!known_(one.customer)) return one.next_due;
    if (page->size() < limit) return Instant::never();
    after = page->back();
  }
}

Result<Instant> DueList::next(StoreReader& reader) {
  drop_stale();
  if (!list_.empty() && list_.top().at <= read_to_.next_due) return list_.top().at;
  if (!beyond_) {
    auto soonest = soonest_beyond(reader);
    if (!soonest) return soonest;
    beyond_ = *soonest;
  }
  return list_.empty() ? *beyond_ : std::min(list_.top().at, *beyond_);
}

Result<std::vector<Key>> DueList::unfinished(StoreReader& reader) const {
  auto due = reader.due(from_, to_, Instant::beginning(), SIZE_MAX);
  if (!due) return due.error();
  std::vector<Key> customers;
  for (const DueCustomer& one : *due) customers.push_back(one.customer);
  return customers;
}

}  // namespace relance
