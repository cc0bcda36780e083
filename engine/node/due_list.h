// When a shard's customers must be woken. In memory stand the hot customers' instants and the
// soonest ones of the cold; everything more distant is only in the store, so a waiting run costs no
// memory.
//
// Of a customer in memory the list is the truth and his row in the store is not: it may be older.
// Of a cold one the row is.
// Threads: the shard's.
#pragma once

#include <functional>
#include <optional>
#include <queue>
#include <set>
#include <utility>
#include <vector>

#include "base/id.h"
#include "store/store.h"

namespace relance {

class DueList {
 public:
  // What memory knows: the instant at which a hot customer is due; nullopt for a cold one.
  using Known = std::function<std::optional<Instant>(const Key&)>;
  // Customers in [from, to) of the key's high 64 bits; `to` 0 means the end of the range.
  DueList(uint64_t from, uint64_t to, Known known);

  // A hot customer is due at this instant, from now on.
  void add(const Key& customer, Instant at);
  // A customer has left memory, or was loaded; his row in the store says this instant.
  void left(const Key& customer, Instant due);
  void loaded(const Key& customer, Instant due);

  // Adds at most `most` customers due at or before `now` to `due`, sorted, each once. True: more
  // are due. Fails as the reader does.
  Result<bool> take(StoreReader& reader, Instant now, size_t most, std::vector<Key>& due);

  // The soonest instant at which take() would give something; never() when nothing waits at all.
  Result<Instant> next(StoreReader& reader);

  // Customers whose snapshot says that something was under way (Customer::unfinished).
  Result<std::vector<Key>> unfinished(StoreReader& reader) const;

  size_t size() const { return hot_.size() + cold_.size(); }

 private:
  using Item = std::pair<Instant, Key>;

  bool holds(const Item& item) const;
  void drop_stale();
  void tidy();
  void keep_soonest();
  Status read_page(StoreReader& reader);
  Result<Instant> next_cold(StoreReader& reader);

  uint64_t from_, to_;
  Known known_;
  // Hot customers; items that no longer hold are dropped when they come to the top.
  std::priority_queue<Item, std::vector<Item>, std::greater<>> hot_;
  size_t tidy_at_ = 4096;  // size at which stale items are thrown out
  // Cold customers, all of those whose row stands at or before read_to_ in (instant, customer)
  // order.
  std::set<Item> cold_;
  Item read_to_{Instant::beginning(), Key{}};
};

}  // namespace relance
