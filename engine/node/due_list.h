// When a shard's customers must be woken. In memory stand the hot customers' instants and those of
// cold ones that fall into a window ahead; everything more distant is only in the store, so a
// waiting run costs no memory.
//
// Of a customer in memory the list is the truth and his row in the store is not: it may be older.
// Of a cold one the row is.
// Threads: the shard's.
#pragma once

#include <functional>
#include <optional>
#include <queue>
#include <unordered_map>
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

  size_t size() const { return list_.size(); }

 private:
  struct Item {
    Instant at;
    Key customer;
    bool operator>(const Item& other) const {
      return at != other.at ? at > other.at : customer > other.customer;
    }
  };

  bool holds(const Item& item) const;
  void drop_stale();
  void tidy();
  Status read_page(StoreReader& reader, Instant until);
  Result<Instant> soonest_beyond(StoreReader& reader) const;

  uint64_t from_, to_;
  Known known_;
  // Rows of the store up to here, in (instant, customer) order, are listed; and whose they are.
  DueCustomer read_to_;
  std::unordered_map<Key, Instant, KeyHash> cold_;
  Instant taken_to_ = Instant::beginning();
  std::optional<Instant> beyond_;  // the soonest cold customer behind read_to_, where it is known
  std::priority_queue<Item, std::vector<Item>, std::greater<>> list_;
  size_t tidy_at_ = 4096;  // size at which stale items are thrown out
};

}  // namespace relance
