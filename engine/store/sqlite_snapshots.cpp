#include "store/sqlite_snapshots.h"

#include <algorithm>

namespace relance {
namespace {

// Cleaning is worth its while from this many dead rows on, and from 70 for every hundred customers:
// with fewer, more of the oldest rows still live and are written again (decision 25).
constexpr int64_t kDeadAtLeast = 4096, kDeadOfHundred = 70;

void bind_due(Statement& statement, int index, Instant due) {
  if (due.is_never())
    statement.bind_null(index);
  else
    statement.bind(index, due.ms);
}

int64_t number(Connection& connection, const char* sql) {
  Statement statement(connection, sql);
  ResetAtEnd reset(statement);
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace

Key key_column(const Statement& row, int column) {
  const std::string_view bytes = row.bytes(column);
  if (bytes.size() != Key{}.bytes.size()) throw SqliteFailure{SQLITE_CORRUPT, "a key is cut off"};
  return Key::from(bytes);
}

CustomerPlace place_column(const Statement& row, int column, const Key& customer,
                           SnapshotRow own_row) {
  const Instant due = row.is_null(column + 1) ? Instant::never() : Instant{row.integer(column + 1)};
  const SnapshotRow body = row.is_null(column + 2) ? own_row : row.integer(column + 2);
  const CustomerPlace place{static_cast<Position>(row.integer(column)), body, due};
  if (!row.is_null(column + 3) &&
      row.integer(column + 3) != sum_of_place(customer.view(), place, own_row))
    throw SqliteFailure{SQLITE_CORRUPT, "the row of customer " + customer.text() +
                                            " has changed since it was written"};
  return place;
}

SqliteSnapshots::SqliteSnapshots(Connection& connection, LateCustomers& late)
    : connection_(connection),
      late_(late),
      append_(connection,
              "INSERT INTO snapshot(seq, id, last, next_due, place, holds, body, sum) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      update_(connection,
              "UPDATE customer SET last = ?2, body = ?3, next_due = ?4, sum = ?5 WHERE id = ?1"),
      insert_(connection,
              "INSERT INTO customer(id, last, body, next_due, sum) VALUES (?1, ?2, ?3, ?4, ?5)"),
      forget_(connection, "DELETE FROM customer WHERE id = ?1"),
      find_(connection, "SELECT last, next_due, body, sum FROM customer WHERE id = ?1"),
      oldest_(connection,
              "SELECT seq, id, holds, body FROM snapshot WHERE seq >= ?1 AND seq < ?2 LIMIT ?3"),
      delete_(connection, "DELETE FROM snapshot WHERE seq < ?1"),
      erase_(connection, "DELETE FROM snapshot WHERE id = ?1"),
      count_(connection, "UPDATE meta SET customers = ?1 WHERE id = 1") {}

void SqliteSnapshots::opening(const Meta& meta) {
  const int64_t last = number(connection_, "SELECT ifnull(max(seq), 0) FROM snapshot");
  horizon_ = meta.snapshot_horizon;
  next_ = std::max(last + 1, horizon_);
  first_ = number(connection_, "SELECT ifnull(min(seq), 0) FROM snapshot");
  if (first_ == 0) first_ = next_;
  looked_at_ = first_;
  customers_ = meta.customers;
  rolled_back();
  Statement rows(connection_,
                 "SELECT seq, id, last, next_due, place, sum FROM snapshot WHERE seq >= ?1");
  rows.bind(1, horizon_);
  while (rows.step()) {
    const Key customer = key_column(rows, 1);
    const LateCustomers::Item item{customer, place_column(rows, 2, customer, rows.integer(0))};
    late_.add({&item, 1});
  }
}

void SqliteSnapshots::rolled_back() {
  new_first_ = first_;
  new_looked_at_ = looked_at_;
  new_next_ = next_;
  new_horizon_ = horizon_;
  new_customers_ = customers_;
  merging_ = false;
  pending_.clear();
  pending_places_.clear();
}

void SqliteSnapshots::committed(size_t most_late) {
  first_ = new_first_;
  looked_at_ = new_looked_at_;
  next_ = new_next_;
  horizon_ = new_horizon_;
  customers_ = new_customers_;
  if (merging_) late_.slice_written();
  late_.add(pending_);
  rolled_back();
  const auto rows = static_cast<size_t>(next_ - horizon_);
  if (!late_.closed() && (late_.growing() >= most_late || rows >= 2 * most_late))
    late_.close(next_);
}

std::optional<CustomerPlace> SqliteSnapshots::place_of(const Key& customer) {
  if (const auto found = pending_places_.find(customer); found != pending_places_.end())
    return found->second;
  if (auto found = late_.find(customer)) return found;
  ResetAtEnd reset(find_);
  if (!find_.bind(1, customer.view()).step()) return std::nullopt;
  return place_column(find_, 0, customer, CustomerPlace::kNoBody);
}

// The place with this row as that of the body, where the body is given with it.
SnapshotRow SqliteSnapshots::append(const Key& customer, const CustomerPlace& place, Position holds,
                                    std::string_view body) {
  const SnapshotRow row = new_next_++;
  const bool here = !body.empty();
  append_.bind(1, row).bind(2, customer.view()).bind(3, position_column(place.last));
  bind_due(append_, 4, place.next_due);
  if (here)
    append_.bind_null(5).bind(6, position_column(holds)).bind(7, body);
  else
    append_.bind(5, place.body).bind_null(6).bind_null(7);
  CustomerPlace said = place;
  if (here) said.body = row;
  append_.bind(8, sum_of_place(customer.view(), said, row)).done();
  pending_.emplace_back(customer, said);
  pending_places_[customer] = said;
  return row;
}

void SqliteSnapshots::erase(const Key& customer, Position last) {
  erase_.bind(1, customer.view()).done();
  append(customer, {last, CustomerPlace::kNoBody, Instant::never()}, 0, "");
}

void SqliteSnapshots::write(const std::vector<Snapshot>& snapshots, const ErasedIn& erased) {
  for (const Snapshot& one : snapshots) {
    if (erased.before(one)) continue;
    CustomerPlace place{one.last, CustomerPlace::kNoBody, one.next_due};
    if (one.kept && one.holds) {
      const auto known = place_of(one.customer);
      RELANCE_ASSERT(known);
      place.body = known->body;
    } else if (!one.kept && one.body.empty()) {
      place.body = CustomerPlace::kForgotten;
      place.next_due = Instant::never();
    }
    const bool here = !one.kept && !one.body.empty();
    const Position holds = one.holds.value_or(one.last);
    append(one.customer, place, holds, here ? summed_body(one.body, holds) : "");
  }
}

SnapshotRow SqliteSnapshots::horizon_with(size_t slice) {
  const LateCustomers::Slice& next = late_.next_slice(slice);
  if (next.last) new_horizon_ = next.complete_to;
  return new_horizon_;
}

void SqliteSnapshots::merge() {
  const LateCustomers::Slice& slice = late_.next_slice(0);
  merging_ = !slice.empty();
  for (const auto& [customer, place] : slice.items) {
    if (place.forgotten()) {
      forget_.bind(1, customer.view()).done();
      new_customers_ -= sqlite3_changes(connection_.get());
      continue;
    }
    for (Statement* statement : {&update_, &insert_}) {
      statement->bind(1, customer.view()).bind(2, position_column(place.last)).bind(3, place.body);
      bind_due(*statement, 4, place.next_due);
      statement->bind(5, sum_of_place(customer.view(), place, 0)).done();
      if (statement == &insert_) ++new_customers_;
      if (sqlite3_changes(connection_.get()) > 0) break;
    }
  }
  if (new_customers_ != customers_) count_.bind(1, new_customers_).done();
}

// Looks through the oldest rows that are merged (of the others memory does not know yet which will
// stay). They are deleted one commit after what lives among them has been appended again, when
// every reader can know of it.
void SqliteSnapshots::clean(size_t rows) {
  if (looked_at_ > first_) {
    delete_.bind(1, looked_at_).done();
    new_first_ = looked_at_;
  }
  const int64_t kept = new_next_ - looked_at_;
  if (kept - new_customers_ - new_customers_ * kDeadOfHundred / 100 < kDeadAtLeast) return;
  struct Row {
    Key customer;
    CustomerPlace place;
    Position holds = 0;
    std::string body;
  };
  std::vector<Row> living;
  {
    ResetAtEnd reset(oldest_);
    oldest_.bind(1, looked_at_).bind(2, horizon_).bind(3, static_cast<int64_t>(rows));
    while (oldest_.step()) {
      const SnapshotRow row = oldest_.integer(0);
      new_looked_at_ = row + 1;
      if (oldest_.is_null(3)) continue;
      const Key customer = key_column(oldest_, 1);
      const auto place = place_of(customer);
      if (place && place->body == row)
        living.push_back({customer, *place, static_cast<Position>(oldest_.integer(2)),
                          std::string(oldest_.bytes(3))});
    }
  }
  for (const Row& one : living) append(one.customer, one.place, one.holds, one.body);
}

}  // namespace relance
