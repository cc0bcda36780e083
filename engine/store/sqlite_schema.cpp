#include "store/sqlite_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "base/codec.h"
#include "base/log.h"
#include "base/sum.h"

namespace relance {
namespace {

// Marks the file as ours ("Rlnc"), so that another program's database is never migrated.
constexpr int kApplicationId = 0x526c6e63;

// The first step makes a store of the oldest version, each other one leads from one version to the
// next. Steps are never changed once released, only added.
constexpr int64_t kOldestVersion = 3;  // files before it were never released
constexpr const char* kSteps[] = {
    R"sql(
    CREATE TABLE meta(
      id INTEGER PRIMARY KEY CHECK (id = 1),
      installation TEXT NOT NULL, epoch INTEGER NOT NULL, commits INTEGER NOT NULL,
      next_position INTEGER NOT NULL, horizon INTEGER NOT NULL, late_horizon INTEGER NOT NULL,
      at INTEGER NOT NULL, snapshot_horizon INTEGER NOT NULL, sum INTEGER NOT NULL,
      customers INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE record(seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
    -- Bodies are appended, table customer follows late and in key order (sqlite_snapshots.h).
    -- place: the row in which the body lies (NULL: this one; 0: none yet; -1: he is forgotten);
    -- holds: the entry up to which this row's body is complete.
    CREATE TABLE snapshot(
      seq INTEGER PRIMARY KEY, id BLOB NOT NULL, last INTEGER NOT NULL, next_due INTEGER,
      place INTEGER, holds INTEGER, body BLOB) STRICT;
    CREATE TABLE customer(
      id BLOB PRIMARY KEY, last INTEGER NOT NULL, body INTEGER NOT NULL, next_due INTEGER
    ) STRICT, WITHOUT ROWID;
    -- Led by the key's first byte, so that rows written in key order meet few of its pages.
    CREATE INDEX customer_due ON customer(substr(id, 1, 1), next_due) WHERE next_due IS NOT NULL;
    CREATE TABLE seen(hash INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
    -- Only where it was said: customer and touch stand in that entry.
    CREATE TABLE reference(hash INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
    CREATE TABLE address(hash INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;
    CREATE TABLE secret(customer BLOB PRIMARY KEY, wrapped_key BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE source(hash TEXT PRIMARY KEY, text BLOB NOT NULL) STRICT;
    CREATE TABLE generation(
      number INTEGER PRIMARY KEY, at INTEGER NOT NULL, author TEXT NOT NULL,
      reason TEXT NOT NULL, manifest TEXT NOT NULL) STRICT;
    )sql",
    // 4: what says where a customer's snapshot lies and when he is due carries a sum
    // (sum_of_place). Rows of snapshot from before have none; each is replaced by a later one or
    // looked at once.
    R"sql(
    ALTER TABLE snapshot ADD COLUMN sum INTEGER;
    ALTER TABLE customer ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
    UPDATE customer SET sum = sum_of_place(id, last, body, next_due);
    -- Entries before this one may be missing: each customer's last of them says all (compact.h).
    ALTER TABLE meta ADD COLUMN compacted_to INTEGER NOT NULL DEFAULT 0;
    )sql",
    // 5: who was erased (erased.h), and when by engine time.
    R"sql(
    CREATE TABLE erased(customer BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    DROP TABLE secret;
    )sql",
};
constexpr int64_t kVersion = kOldestVersion + static_cast<int64_t>(std::size(kSteps)) - 1;

// Of all but `customers`, which only says when cleaning is worth its while, and `compacted_to`.
int64_t sum_of_row(const Meta& meta) {
  std::string row = meta.installation;
  Writer writer(row);
  for (uint64_t number :
       {meta.epoch, meta.commits, meta.next_position, meta.horizon, meta.late_horizon,
        static_cast<uint64_t>(meta.at.ms), static_cast<uint64_t>(meta.snapshot_horizon)})
    writer.fixed64(number);
  return sum_of(row);
}

int64_t pragma(Connection& connection, const char* sql) {
  Statement statement(connection, sql);
  ResetAtEnd reset(statement);
  return statement.step() ? statement.integer(0) : 0;
}

// sum_of_place(id, last, body, next_due) for SQL.
void sum_of_place_column(sqlite3_context* answer, int, sqlite3_value** row) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(row[0]));
  const auto size = static_cast<size_t>(sqlite3_value_bytes(row[0]));
  const bool never = sqlite3_value_type(row[3]) == SQLITE_NULL;
  const CustomerPlace place{static_cast<Position>(sqlite3_value_int64(row[1])),
                            sqlite3_value_int64(row[2]),
                            never ? Instant::never() : Instant{sqlite3_value_int64(row[3])}};
  sqlite3_result_int64(answer, sum_of_place({bytes, size}, place, 0));
}

// The file's version; 0 for an empty file.
Result<int64_t> version_of(Connection& connection, const std::string& path) {
  const int64_t tables = pragma(connection, "SELECT count(*) FROM sqlite_schema");
  if (tables == 0) return int64_t{0};
  if (pragma(connection, "PRAGMA application_id") != kApplicationId) {
    return Error{Code::store_corrupt, fmt::format("{} is not a store of Relance", path), {}, ""};
  }
  const int64_t version = pragma(connection, "PRAGMA user_version");
  if (version > kVersion) {
    return Error{Code::store_version,
                 fmt::format("{} has schema version {}; this Relance knows versions up to {}", path,
                             version, kVersion),
                 {},
                 "open it with the newer Relance that made it"};
  }
  if (version < kOldestVersion) {
    return Error{
        Code::store_version,
        fmt::format("{} has schema version {}, from before the first release", path, version),
        {},
        "begin with a new store"};
  }
  return version;
}

}  // namespace

Result<bool> migrate(Connection& connection, const std::string& path) {
  Result<int64_t> version = version_of(connection, path);
  if (!version) return version.error();
  sqlite3_create_function(connection.get(), "sum_of_place", 4, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                          nullptr, sum_of_place_column, nullptr, nullptr);
  for (int64_t next = std::max(*version + 1, kOldestVersion); next <= kVersion; ++next) {
    if (*version > 0)
      log::warn("store", "{} is brought to schema version {}; this may take a while", path, next);
    Transaction transaction(connection, Transaction::Kind::write);
    connection.run(kSteps[next - kOldestVersion]);
    connection.run(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, next)
            .c_str());
    transaction.commit();
  }
  return *version == 0;
}

Status expect_current_schema(Connection& connection, const std::string& path) {
  Result<int64_t> version = version_of(connection, path);
  if (!version) return version.error();
  if (*version == kVersion) return {};
  return Error{Code::store_version,
               fmt::format("{} has schema version {}, not yet {}", path, *version, kVersion),
               {},
               "open it for writing once, which brings it up to date"};
}

Meta read_meta(Connection& connection) {
  Statement statement(connection,
                      "SELECT installation, epoch, commits, next_position, horizon, late_horizon, "
                      "at, snapshot_horizon, customers, sum, compacted_to FROM meta WHERE id = 1");
  ResetAtEnd reset(statement);
  if (!statement.step()) throw SqliteFailure{SQLITE_CORRUPT, "the row of table meta is missing"};
  Meta meta;
  meta.installation = statement.bytes(0);
  meta.epoch = static_cast<uint64_t>(statement.integer(1));
  meta.commits = static_cast<uint64_t>(statement.integer(2));
  meta.next_position = static_cast<Position>(statement.integer(3));
  meta.horizon = static_cast<Position>(statement.integer(4));
  meta.late_horizon = static_cast<Position>(statement.integer(5));
  meta.at = {statement.integer(6)};
  meta.snapshot_horizon = statement.integer(7);
  meta.customers = statement.integer(8);
  meta.compacted_to = static_cast<Position>(statement.integer(10));
  if (statement.integer(9) != sum_of_row(meta))
    throw SqliteFailure{SQLITE_CORRUPT, "the row of table meta has changed since it was written"};
  return meta;
}

void insert_meta(Connection& connection, const Meta& meta) {
  Statement insert(connection,
                   "INSERT INTO meta(id, installation, epoch, commits, next_position, horizon, "
                   "late_horizon, at, snapshot_horizon, sum) "
                   "VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  insert.bind_text(1, meta.installation)
      .bind(2, static_cast<int64_t>(meta.epoch))
      .bind(3, static_cast<int64_t>(meta.commits))
      .bind(4, position_column(meta.next_position))
      .bind(5, position_column(meta.horizon))
      .bind(6, position_column(meta.late_horizon))
      .bind(7, meta.at.ms)
      .bind(8, meta.snapshot_horizon)
      .bind(9, sum_of_row(meta))
      .done();
}

MetaUpdate::MetaUpdate(Connection& connection)
    : connection_(connection),
      statement_(connection,
                 "UPDATE meta SET epoch = ?1, commits = ?2, next_position = ?3, horizon = ?4, "
                 "late_horizon = ?5, at = ?6, snapshot_horizon = ?9, sum = ?10 "
                 "WHERE id = 1 AND epoch = ?7 AND commits = ?8") {}

bool MetaUpdate::run(const Meta& next, uint64_t epoch, uint64_t commits) {
  statement_.bind(1, static_cast<int64_t>(next.epoch))
      .bind(2, static_cast<int64_t>(next.commits))
      .bind(3, position_column(next.next_position))
      .bind(4, position_column(next.horizon))
      .bind(5, position_column(next.late_horizon))
      .bind(6, next.at.ms)
      .bind(7, static_cast<int64_t>(epoch))
      .bind(8, static_cast<int64_t>(commits))
      .bind(9, next.snapshot_horizon)
      .bind(10, sum_of_row(next))
      .done();
  return sqlite3_changes(connection_.get()) == 1;
}

int64_t sum_of_place(std::string_view customer, const CustomerPlace& place, SnapshotRow row) {
  std::string bytes(customer);
  Writer writer(bytes);
  writer.fixed64(place.last);
  writer.fixed64(static_cast<uint64_t>(place.body));
  writer.fixed64(static_cast<uint64_t>(place.next_due.ms));
  return sum_of(bytes, static_cast<uint64_t>(row));
}

void encode_row(const NewEntry& entry, std::string& out) {
  Writer writer(out);
  writer.varint(entry.previous == 0 ? 0 : entry.position - entry.previous);
  writer.key(entry.customer);
  writer.raw(entry.body);
  const uint32_t sum = sum_of(out, entry.position);
  out.append(reinterpret_cast<const char*>(&sum), sizeof sum);
}

std::string summed_body(std::string_view body, Position holds) {
  std::string row(body);
  const uint32_t sum = sum_of(body, holds);
  row.append(reinterpret_cast<const char*>(&sum), sizeof sum);
  return row;
}

std::optional<std::string_view> body_of(std::string_view row, Position holds) {
  uint32_t sum = 0;
  if (row.size() < sizeof sum) return std::nullopt;
  const std::string_view body = row.substr(0, row.size() - sizeof sum);
  std::memcpy(&sum, row.data() + body.size(), sizeof sum);
  return sum == sum_of(body, holds) ? std::optional(body) : std::nullopt;
}

Result<StoredEntry> decode_row(Position position, std::string_view row) {
  uint32_t sum = 0;
  const size_t size = row.size() - std::min(row.size(), sizeof sum);
  row.copy(reinterpret_cast<char*>(&sum), sizeof sum, size);
  Reader reader(row.substr(0, size));
  const uint64_t distance = reader.varint();
  const Key customer = reader.key();
  if (!reader.ok() || distance >= position || sum != sum_of(row.substr(0, size), position)) {
    return Error{Code::store_corrupt, fmt::format("entry {} cannot be read", position), {}, ""};
  }
  return StoredEntry{customer, position, distance == 0 ? 0 : position - distance, reader.rest()};
}

}  // namespace relance
