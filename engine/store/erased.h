// Who was erased: a list beside the store that no backup contains and no restore replaces. It
// names pseudonyms and instants, nothing personal.
//
// A line each, "KEY INSTANT"; of one key the latest holds. Threads: any; one writes. Blocks: on the
// file. Fails: with store_open; a list that cannot be read with store_corrupt, because whoever is
// on it would come back.
#pragma once

#include <map>
#include <unordered_map>

#include "store/store.h"

namespace relance {

struct Erasure {
  Key customer;
  Instant at;
};

// None where there is no list.
Result<std::map<Key, Instant>> read_erasures(const std::string& path);
// Durable when it returns.
Status add_erasures(const std::string& path, const std::vector<Erasure>& erasures);

// Of one batch: whose entries erase, and where. A snapshot from before is not to be kept.
class ErasedIn {
 public:
  explicit ErasedIn(const Batch& batch) {
    for (const NewEntry& entry : batch.entries)
      if (entry.erases) positions_[entry.customer] = entry.position;
  }
  bool empty() const { return positions_.empty(); }
  bool before(const Snapshot& snapshot) const {
    if (positions_.empty()) return false;
    const auto erased = positions_.find(snapshot.customer);
    return erased != positions_.end() && snapshot.last < erased->second;
  }
  auto begin() const { return positions_.begin(); }
  auto end() const { return positions_.end(); }

 private:
  std::unordered_map<Key, Position, KeyHash> positions_;
};

}  // namespace relance
