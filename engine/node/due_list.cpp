#include "node/due_list.h"

#include <algorithm>

namespace relance {
namespace {

constexpr Duration kWindow = minutes(10);
constexpr size_t kMostRead = 4096;

}  // namespace

void DueList::add(const Key& customer, Instant at) {
  if (!at.is_never()) list_.push({at, customer});
}

Status DueList::read_window(StoreReader& reader, Instant until) {
  reader.refresh();
  auto due = reader.due(from_, to_, until, kMostRead);
  if (!due) return due.error();
  for (const DueCustomer& one : *due) list_.push({one.next_due, one.customer});
  // A full answer may have been cut: only what lies before its last instant is known whole.
  read_until_ = due->size() < kMostRead ? until : due->back().next_due - milliseconds(1);
  return {};
}

Status DueList::take(StoreReader& reader, Instant now, std::vector<Key>& due) {
  while (true) {
    if (read_until_ <= now)
      if (auto read = read_window(reader, now + kWindow); !read) return read;
    const size_t before = due.size();
    const Instant upto = std::min(now, read_until_);
    while (!list_.empty() && list_.top().at <= upto) {
      due.push_back(list_.top().customer);
      list_.pop();
    }
    if (read_until_ > now || due.size() == before) break;
  }
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  return {};
}

Result<Instant> DueList::next(StoreReader& reader) {
  const bool known = !list_.empty() && list_.top().at <= read_until_;
  if (!known && !read_until_.is_never()) {
    // Nothing within the window: look for the very next one, however distant.
    reader.refresh();
    auto soonest = reader.due(from_, to_, Instant::never(), 1);
    if (!soonest) return soonest.error();
    Instant next = list_.empty() ? Instant::never() : list_.top().at;
    if (!soonest->empty() && soonest->front().next_due > read_until_) next = std::min(next, soonest->front().next_due);
    return next;
  }
  return list_.empty() ? Instant::never() : list_.top().at;
}

Result<std::vector<Key>> DueList::unfinished(StoreReader& reader) const {
  auto due = reader.due(from_, to_, Instant::beginning(), SIZE_MAX);
  if (!due) return due.error();
  std::vector<Key> customers;
  for (const DueCustomer& one : *due) customers.push_back(one.customer);
  return customers;
}

void DueList::clear() {
  list_ = {};
  read_until_ = Instant::beginning();
}

}  // namespace relance
