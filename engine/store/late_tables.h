// Seen hashes and references that are not yet in the database's tables, and their way there.
//
// Entries gather in a growing generation. When it is large enough it is closed and written out in
// key order, slice by slice, each slice within a transaction of the caller's, while a new
// generation gathers. A lookup asks here first and the database second, in that order: what is no
// longer here was committed there before it left.
//
// Threads: any; one of them writes (add, close, next_slice, slice_written).
#pragma once

#include <optional>
#include <shared_mutex>
#include <vector>

#include "store/flat_table.h"
#include "store/store.h"

namespace relance {

class LateTables {
 public:
  using Table = FlatTable<Position>;  // to the last entry that this hash was derived from
  struct Slice {
    std::vector<Table::Slot> seen, references;  // rising by hash
    bool last = false;                          // with it, all before complete_to is written
    Position complete_to = 0;
    bool empty() const { return seen.empty() && references.empty() && !last; }
  };

  void add(const Derived& derived, Position position);
  void add(const std::vector<NewEntry>& entries);

  std::optional<Position> seen(uint64_t hash) const;
  std::optional<Position> reference(uint64_t hash) const;

  size_t waiting() const;  // not yet written, both generations
  bool closed() const;     // a generation is being written
  // Closes the growing generation; it holds everything derived from entries before `complete_to`.
  // Only while none is being written.
  void close(Position complete_to);
  // About `count` entries that come next; empty while none is closed. The same again until
  // slice_written(), so a transaction that failed costs nothing. Valid until the next call.
  const Slice& next_slice(size_t count);
  void slice_written();

 private:
  struct Generation {
    Table seen, references;
    size_t size() const { return seen.size() + references.size(); }
  };

  std::optional<Position> find(Table Generation::*table, uint64_t hash) const;
  void put(const Derived& derived, Position position);
  void cut(size_t count);

  mutable std::shared_mutex mutex_;
  Generation growing_;
  std::optional<Generation> closed_;
  Position complete_to_ = 0;
  // How far the closed generation is written, in slots, and the slice that waits for its commit.
  size_t seen_done_ = 0, references_done_ = 0, seen_cut_ = 0, references_cut_ = 0;
  Slice slice_;
};

// The reference with this hash among those of one entry; the last holds.
std::optional<Derived::Reference> last_reference(const Derived& derived, uint64_t hash);

}  // namespace relance
