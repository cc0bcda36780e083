// Where the store's customers stand, as far as it is not yet in the database's table.
//
// A snapshot is appended; the row of table `customer` that says where it lies is written later,
// many of them in key order (late_tables.h has the same for hashes, and the same words). A lookup
// asks here first and the database second: what is no longer here was committed there before it
// left.
//
// Threads: any; one of them writes (add, close, next_slice, slice_written).
#pragma once

#include <optional>
#include <shared_mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/half_key.h"
#include "store/store.h"

namespace relance {

using SnapshotRow = int64_t;  // key of a row of table `snapshot`; rises

struct CustomerPlace {
  static constexpr SnapshotRow kNoBody = 0, kForgotten = -1;

  Position last = 0;
  SnapshotRow body = kNoBody;  // the row in which his body lies
  Instant next_due = Instant::never();
  bool forgotten() const { return body == kForgotten; }
};

class LateCustomers {
 public:
  using Item = std::pair<Key, CustomerPlace>;
  struct Slice {
    std::vector<Item> items;  // rising by key
    bool last = false;        // with it, all rows before complete_to are merged
    SnapshotRow complete_to = 0;
    bool empty() const { return items.empty() && !last; }
  };

  void add(std::span<const Item> items);  // of one customer the last one holds

  std::optional<CustomerPlace> find(const Key& customer) const;
  std::optional<Key> owner(uint64_t high) const;  // whose key begins so
  std::vector<Item> all() const;                  // in no order

  size_t waiting() const;
  size_t growing() const;
  bool closed() const;
  // Closes the growing generation: everything said in rows before `complete_to` is in it or merged.
  // Only while none is being written.
  void close(SnapshotRow complete_to);
  // The next `count`, at most; empty while none is closed. The same again until slice_written().
  const Slice& next_slice(size_t count);
  void slice_written();

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<Key, CustomerPlace, HalfKeyHash, HalfKeySame> growing_;
  std::optional<std::vector<Item>> closed_;  // rising by key
  SnapshotRow complete_to_ = 0;
  size_t done_ = 0;
  Slice slice_;
};

}  // namespace relance
