// What a SQLite store's file holds: its tables, their versions, the one row that counts commits,
// and how an entry becomes a row.
//
// Threads, fails: as sqlite_connection.h.
#pragma once

#include "store/late_customers.h"
#include "store/sqlite_connection.h"
#include "store/store.h"

namespace relance {

// Brings the file to this version's schema, step by step, each step in one transaction; makes the
// tables in an empty file. True: the file was empty. Fails with store_version when a newer Relance
// made the file, with store_corrupt when something else did.
Result<bool> migrate(Connection& connection, const std::string& path);

// Fails as migrate() does, and with store_version when the file must be migrated first.
Status expect_current_schema(Connection& connection, const std::string& path);

// The one row that every commit changes, so that its outcome can be judged afterwards.
struct Meta {
  std::string installation;
  uint64_t epoch = 0;
  uint64_t commits = 0;  // transactions, merges and openings among them
  Position next_position = 1;
  Position horizon = 1;       // snapshots hold everything before
  Position late_horizon = 1;  // seen and reference hold everything before
  Instant at = Instant::beginning();
  int64_t snapshot_horizon = 1;  // table customer says what rows of snapshot before this one say
  int64_t customers = 0;         // rows of table customer
  Position compacted_to = 0;     // entries before it may be missing
};
Meta read_meta(Connection& connection);
void insert_meta(Connection& connection, const Meta& meta);

// Writes `next` where the row still has `epoch` and `commits`; false, and nothing changed, where it
// has not.
class MetaUpdate {
 public:
  explicit MetaUpdate(Connection& connection);
  bool run(const Meta& next, uint64_t epoch, uint64_t commits);

 private:
  Connection& connection_;
  Statement statement_;
};

// Integer columns are signed; this keeps the order of unsigned hashes.
inline int64_t hash_column(uint64_t hash) { return static_cast<int64_t>(hash ^ (1ull << 63)); }
inline int64_t position_column(Position position) { return static_cast<int64_t>(position); }

// Of a customer's place: in table customer (`row` 0), or in that row of table snapshot.
int64_t sum_of_place(std::string_view customer, const CustomerPlace& place, SnapshotRow row);

// A row's body: distance to the previous entry (0: none), customer, the entry's body, and the sum
// of all that with its position: SQLite does not notice when a disk changes bytes within a row.
void encode_row(const NewEntry& entry, std::string& out);
// A snapshot's body as its row keeps it, with a sum; and back: nullopt where bytes have changed.
std::string summed_body(std::string_view body, Position holds);
std::optional<std::string_view> body_of(std::string_view row, Position holds);
// Fails with store_corrupt. The views point into `row`.
Result<StoredEntry> decode_row(Position position, std::string_view row);

}  // namespace relance
