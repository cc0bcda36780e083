// When a shard's customers must be woken. In memory stand the hot customers' instants and those of cold ones that fall
// into a window ahead; everything more distant is only in the store, so a waiting run costs no memory.
//
// Threads: the shard's.
#pragma once

#include <queue>
#include <vector>

#include "base/id.h"
#include "store/store.h"

namespace relance {

class DueList {
 public:
  DueList(uint64_t from, uint64_t to) : from_(from), to_(to) {}

  void add(const Key& customer, Instant at);

  // Customers due at or before `now`, each once; reads the next window from the store when `now` comes near its end.
  Status take(StoreReader& reader, Instant now, std::vector<Key>& due);

  // The soonest instant at which take() would give something; never() when nothing waits at all. Reads windows ahead.
  Result<Instant> next(StoreReader& reader);

  // Customers whose snapshot says that something was under way (Customer::unfinished).
  Result<std::vector<Key>> unfinished(StoreReader& reader) const;

  // The store is known up to here: what is due before must be listed when it leaves memory.
  Instant read_until() const { return read_until_; }
  size_t size() const { return list_.size(); }
  void clear();

 private:
  struct Item {
    Instant at;
    Key customer;
    bool operator>(const Item& other) const { return at != other.at ? at > other.at : customer > other.customer; }
  };
  Status read_window(StoreReader& reader, Instant until);

  uint64_t from_, to_;
  Instant read_until_ = Instant::beginning();
  std::priority_queue<Item, std::vector<Item>, std::greater<>> list_;
};

}  // namespace relance
