// The writing side of the tables `snapshot` and `customer`.
//
// A snapshot is a row appended to `snapshot`, whoever the customer is. The row of `customer` that
// says where his latest body lies follows late, in key order (late_customers.h). So a commit writes
// no page because of whom it is about. Bodies that a later one has replaced are dead: the oldest
// rows are looked through, what still lives among them is appended again, and they are deleted. At
// most about half of the rows are dead.
//
// Threads: the writer's. Every function but opening(), committed() and rolled_back() belongs into a
// transaction of the caller's. Fails: by throwing SqliteFailure.
#pragma once

#include <unordered_map>

#include "store/erased.h"
#include "store/late_customers.h"
#include "store/sqlite_schema.h"

namespace relance {

class SqliteSnapshots {
 public:
  SqliteSnapshots(Connection& connection, LateCustomers& late);

  // Reads into memory what has been said in rows that are not merged yet.
  void opening(const Meta& meta);

  // What a commit writes beside `meta`: its snapshots, a slice of what is late, and cleaning in
  // proportion. merge() answers with the horizon that holds once its slice is committed.
  // But for those that are from before somebody was erased.
  void write(const std::vector<Snapshot>& snapshots, const ErasedIn& erased);
  // No body of his stays; `last` is his latest entry. Looks through the whole table, 0.25 s where
  // there are a million customers: nobody else is looked for so, and an index would cost them all.
  void erase(const Key& customer, Position last);
  SnapshotRow horizon_with(size_t slice);
  void merge();
  void clean(size_t rows);

  void committed(size_t most_late);
  void rolled_back();

 private:
  SnapshotRow append(const Key& customer, const CustomerPlace& place, Position holds,
                     std::string_view body);
  std::optional<CustomerPlace> place_of(const Key& customer);

  Connection& connection_;
  LateCustomers& late_;
  Statement append_, update_, insert_, forget_, find_, oldest_, delete_, erase_, count_;
  // As committed. Rows from first_ on are there; those before looked_at_ are dead.
  SnapshotRow first_ = 1, looked_at_ = 1, next_ = 1, horizon_ = 1;
  int64_t customers_ = 0;
  // Of the transaction under way.
  SnapshotRow new_first_ = 1, new_looked_at_ = 1, new_next_ = 1, new_horizon_ = 1;
  int64_t new_customers_ = 0;
  bool merging_ = false;
  std::vector<LateCustomers::Item> pending_;
  std::unordered_map<Key, CustomerPlace, KeyHash> pending_places_;
};

// A customer's place as a row of `snapshot` says it, or that of `customer` (`own_row` 0): columns
// last, next_due, place and sum from `column` on. Throws where it has changed since it was written.
CustomerPlace place_column(const Statement& row, int column, const Key& customer,
                           SnapshotRow own_row);
Key key_column(const Statement& row, int column);

}  // namespace relance
