#include "store/sqlite_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "store/sqlite_schema.h"
#include "store/sqlite_snapshots.h"

namespace relance {
namespace {

constexpr int64_t kCustomersAtOnce = 4096;

// A blob that sorts before every key of this high half; `end` sorts behind all keys.
std::string range_bound(uint64_t high, bool end) {
  if (end) return std::string(17, '\xff');
  std::string bound(8, '\0');
  for (size_t i = 0; i < 8; ++i) bound[i] = static_cast<char>(high >> (56 - 8 * i) & 0xff);
  return bound;
}

// Sorts, cuts to `limit`, and then looks no further than the last that was kept.
void keep_soonest(std::vector<DueCustomer>& due, size_t limit, Instant& until) {
  std::sort(due.begin(), due.end(), [](const DueCustomer& a, const DueCustomer& b) {
    return std::tie(a.next_due, a.customer) < std::tie(b.next_due, b.customer);
  });
  if (due.size() < limit) return;
  due.resize(limit);
  until = due.back().next_due;
}

}  // namespace

struct SqliteReader::Session {
  // Room for the inner pages of large tables: they serve all who are loaded between two commits.
  static constexpr uint64_t kCacheBytes = 2u << 20;
  explicit Session(const std::string& path) : connection(path, {.cache_bytes = kCacheBytes}) {}

  Connection connection;
  Statement customer{connection, "SELECT last, next_due, body, sum FROM customer WHERE id = ?1"};
  Statement body{connection, "SELECT holds, body FROM snapshot WHERE seq = ?1 AND id = ?2"};
  Statement due{connection,
                "SELECT id, next_due FROM customer INDEXED BY customer_due "
                "WHERE substr(id, 1, 1) = ?1 AND next_due >= ?2 AND next_due <= ?3 "
                "AND (next_due > ?2 OR +id > ?4) AND +id >= ?5 AND +id < ?6 "
                "ORDER BY next_due, id"};
  Statement owner{connection, "SELECT id FROM customer WHERE id >= ?1 ORDER BY id LIMIT 1"};
  Statement seen{connection, "SELECT 1 FROM seen WHERE hash = ?1"};
  Statement reference{connection, "SELECT seq FROM reference WHERE hash = ?1"};
  Statement entries{connection, "SELECT seq, body FROM record WHERE seq >= ?1 AND seq < ?2"};
  Statement entry{connection, "SELECT body FROM record WHERE seq = ?1"};
  Statement said{connection, "SELECT body FROM record WHERE seq = ?1"};
  Statement customers{connection, "SELECT id FROM customer WHERE id > ?1 ORDER BY id LIMIT ?2"};
  Statement source{connection, "SELECT text FROM source WHERE hash = ?1"};
  std::optional<Transaction> still;
};

SqliteReader::SqliteReader(std::string path, Deriver derive, std::shared_ptr<const Late> late)
    : path_(std::move(path)),
      derive_(std::move(derive)),
      late_(std::move(late)),
      overlays_(false) {}

SqliteReader::SqliteReader(std::string path, Deriver derive)
    : path_(std::move(path)), derive_(std::move(derive)), overlays_(true) {}

SqliteReader::~SqliteReader() = default;

SqliteReader::Session& SqliteReader::session() {
  if (!session_) session_ = std::make_unique<Session>(path_);
  if (stale_) overlay();
  return *session_;
}

template <class Work>
auto SqliteReader::answer(Work&& work) -> decltype(work(std::declval<Session&>())) {
  return guarded(path_, [&] { return work(session()); });
}

void SqliteReader::refresh() { stale_ = overlays_; }

// Goes on where it stopped, or starts afresh once the writer has merged more.
void SqliteReader::overlay() {
  Transaction transaction(session_->connection, Transaction::Kind::read);
  const Meta meta = read_meta(session_->connection);
  if (!own_late_ || meta.late_horizon != overlaid_from_ ||
      meta.snapshot_horizon != snapshots_from_) {
    own_late_ = std::make_shared<Late>();
    late_ = own_late_;
    overlaid_from_ = overlaid_to_ = meta.late_horizon;
    snapshots_from_ = snapshots_to_ = meta.snapshot_horizon;
  }
  Statement rows(session_->connection,
                 "SELECT seq, id, last, next_due, place, sum FROM snapshot WHERE seq >= ?1");
  rows.bind(1, snapshots_to_);
  while (rows.step()) {
    const SnapshotRow row = rows.integer(0);
    const Key customer = key_column(rows, 1);
    const LateCustomers::Item item{customer, place_column(rows, 2, customer, row)};
    own_late_->customers.add({&item, 1});
    snapshots_to_ = row + 1;
  }
  Statement entries(session_->connection,
                    "SELECT seq, body FROM record WHERE seq >= ?1 AND seq < ?2");
  entries.bind(1, position_column(overlaid_to_)).bind(2, position_column(meta.next_position));
  while (entries.step()) {
    const auto position = static_cast<Position>(entries.integer(0));
    Result<StoredEntry> entry = decode_row(position, entries.bytes(1));
    if (!entry) throw SqliteFailure{SQLITE_CORRUPT, entry.error().message};
    own_late_->hashes.add(derive_(entry->customer, entry->body), position);
  }
  overlaid_to_ = meta.next_position;
  stale_ = false;
}

// nullopt: the row of his body has moved since his place was asked for.
std::optional<SqliteReader::Found> SqliteReader::load_one(Session& session, const Key& customer) {
  auto place = late_->customers.find(customer);
  ResetAtEnd reset(session.customer), reset_body(session.body);
  if (!place && session.customer.bind(1, customer.view()).step())
    place = place_column(session.customer, 0, customer, CustomerPlace::kNoBody);
  if (!place || place->forgotten()) return Found{};
  if (place->body == CustomerPlace::kNoBody)
    return StoredCustomer{"", place->last, 0, place->next_due};
  if (!session.body.bind(1, place->body).bind(2, customer.view()).step()) return std::nullopt;
  const auto holds = static_cast<Position>(session.body.integer(0));
  const auto body = body_of(session.body.bytes(1), holds);
  if (!body)
    throw SqliteFailure{SQLITE_CORRUPT, "the snapshot of customer " + customer.text() +
                                            " has changed since it was written"};
  return StoredCustomer{std::string(*body), place->last, holds, place->next_due};
}

// One transaction reads them all, and a new one goes on where something has moved.
std::vector<SqliteReader::Found> SqliteReader::load_all(Session& session,
                                                        std::span<const Key> customers) {
  constexpr int kMostMoves = 8;  // of one customer
  std::vector<Found> answers;
  answers.reserve(customers.size());
  for (int moves = 0; answers.size() < customers.size(); ++moves) {
    const Key& next = customers[answers.size()];
    if (moves > kMostMoves)
      throw SqliteFailure{SQLITE_CORRUPT,
                          "the snapshot of customer " + next.text() + " is missing"};
    if (moves > 0 && overlays_) overlay();
    Transaction transaction(session.connection, Transaction::Kind::read);
    while (answers.size() < customers.size()) {
      auto found = load_one(session, customers[answers.size()]);
      if (!found) break;
      answers.push_back(std::move(*found));
      moves = 0;
    }
  }
  return answers;
}

Result<std::vector<std::optional<StoredCustomer>>> SqliteReader::load(
    std::span<const Key> customers) {
  return answer(
      [&](Session& session) -> Result<std::vector<Found>> { return load_all(session, customers); });
}

// What is late comes first: of those customers the table is not asked.
Result<std::vector<DueCustomer>> SqliteReader::due(uint64_t from, uint64_t to, Instant until,
                                                   size_t limit, const DueCustomer& after) {
  return answer([&](Session& session) -> Result<std::vector<DueCustomer>> {
    std::vector<DueCustomer> due;
    std::unordered_set<Key, KeyHash> late;
    const std::pair start{after.next_due, after.customer};
    for (const auto& [customer, place] : late_->customers.all()) {
      const uint64_t high = customer.high();
      if (high < from || (to != 0 && high >= to)) continue;
      late.insert(customer);
      if (place.forgotten() || place.next_due.is_never() || place.next_due > until) continue;
      if (std::pair{place.next_due, customer} > start) due.push_back({customer, place.next_due});
    }
    keep_soonest(due, limit, until);
    Transaction transaction(session.connection, Transaction::Kind::read);
    const std::string low = range_bound(from, false), high = range_bound(to, to == 0);
    Statement& row = session.due;
    row.bind(2, after.next_due.ms).bind(4, after.customer.view()).bind(5, low).bind(6, high);
    const uint64_t last_slot = (to - 1) >> 56;  // `to` 0: the last of all
    for (uint64_t slot = from >> 56; slot <= last_slot && limit > 0; ++slot) {
      const auto first_byte = static_cast<char>(slot);
      ResetAtEnd reset(row);
      // never() is kept as NULL, which no comparison finds.
      row.bind(1, std::string_view(&first_byte, 1)).bind(3, until.ms);
      for (size_t found = 0; found < limit && row.step();) {
        const Key customer = key_column(row, 0);
        if (late.contains(customer)) continue;
        due.push_back({customer, {row.integer(1)}});
        ++found;
      }
      keep_soonest(due, limit, until);
    }
    return due;
  });
}

Result<std::optional<Key>> SqliteReader::owner(uint64_t high) {
  using Answer = std::optional<Key>;
  return answer([&](Session& session) -> Result<Answer> {
    if (const auto late = late_->customers.owner(high)) return Answer{late};
    ResetAtEnd reset(session.owner);
    const Key first = first_key(high);
    if (!session.owner.bind(1, first.view()).step()) return Answer{};
    const Key found = key_column(session.owner, 0);
    return found.high() == high ? Answer{found} : Answer{};
  });
}

Result<bool> SqliteReader::seen(uint64_t hash) {
  return answer([&](Session& session) -> Result<bool> {
    if (late_->hashes.seen(hash)) return true;
    ResetAtEnd reset(session.seen);
    return session.seen.bind(1, hash_column(hash)).step();
  });
}

Result<std::optional<Derived::Reference>> SqliteReader::reference(uint64_t hash) {
  using Answer = std::optional<Derived::Reference>;
  return answer([&](Session& session) -> Result<Answer> {
    const std::optional<Position> position = find_reference(session, hash);
    if (!position) return Answer{};
    ResetAtEnd reset(session.said);
    if (!session.said.bind(1, position_column(*position)).step()) return Answer{};
    Result<StoredEntry> entry = decode_row(*position, session.said.bytes(0));
    if (!entry) return entry.error();
    return last_reference(derive_(entry->customer, entry->body), hash);
  });
}

std::optional<Position> SqliteReader::find_reference(Session& session, uint64_t hash) {
  if (const auto position = late_->hashes.reference(hash)) return position;
  ResetAtEnd reset(session.reference);
  if (!session.reference.bind(1, hash_column(hash)).step()) return std::nullopt;
  return static_cast<Position>(session.reference.integer(0));
}

Status SqliteReader::entries(Position from, Position to, const EntryVisitor& visit) {
  return answer([&](Session& session) -> Status {
    RELANCE_ASSERT(!session.entries.busy());
    ResetAtEnd reset(session.entries);
    const auto end = std::min<Position>(to, INT64_MAX);
    session.entries.bind(1, position_column(std::min(from, end))).bind(2, position_column(end));
    while (session.entries.step()) {
      const auto position = static_cast<Position>(session.entries.integer(0));
      Result<StoredEntry> entry = decode_row(position, session.entries.bytes(1));
      if (!entry) return entry.error();
      if (!visit(*entry)) break;
    }
    return {};
  });
}

Status SqliteReader::walk_back(Position last, const EntryVisitor& visit) {
  return answer([&](Session& session) -> Status {
    RELANCE_ASSERT(!session.entry.busy());
    for (Position position = last; position != 0;) {
      ResetAtEnd reset(session.entry);
      if (!session.entry.bind(1, position_column(position)).step()) {
        return Error{
            Code::store_corrupt, fmt::format("{}: entry {} is missing", path_, position), {}, ""};
      }
      Result<StoredEntry> entry = decode_row(position, session.entry.bytes(0));
      if (!entry) return entry.error();
      if (!visit(*entry)) break;
      position = entry->previous;
    }
    return {};
  });
}

// Page by page: those of the table and those that are late up to the page's end.
Status SqliteReader::customers(const std::function<bool(const Snapshot&)>& visit) {
  return answer([&](Session& session) -> Status {
    std::string after;  // sorts before all keys
    for (bool more = true; more;) {
      std::vector<Key> page;
      for (const auto& [customer, place] : late_->customers.all())
        if (customer.view() > after) page.push_back(customer);
      {
        ResetAtEnd reset(session.customers);
        session.customers.bind(1, after).bind(2, kCustomersAtOnce);
        std::vector<Key> rows;
        while (session.customers.step()) rows.push_back(key_column(session.customers, 0));
        more = rows.size() == static_cast<size_t>(kCustomersAtOnce);
        if (more) std::erase_if(page, [&](const Key& key) { return rows.back() < key; });
        page.insert(page.end(), rows.begin(), rows.end());
      }
      std::sort(page.begin(), page.end());
      page.erase(std::unique(page.begin(), page.end()), page.end());
      const auto found = load_all(session, page);
      for (size_t i = 0; i < page.size(); ++i) {
        if (!found[i]) continue;
        const StoredCustomer& one = *found[i];
        if (!visit({page[i], one.last, one.next_due, one.snapshot, false, one.holds})) return {};
      }
      if (!page.empty()) after = page.back().view();
    }
    return {};
  });
}

Result<std::optional<std::string>> SqliteReader::source(std::string_view hash) {
  using Answer = std::optional<std::string>;
  return answer([&](Session& session) -> Result<Answer> {
    ResetAtEnd reset(session.source);
    if (!session.source.bind_text(1, hash).step()) return Answer{};
    return Answer{std::string(session.source.bytes(0))};
  });
}

Result<std::vector<Generation>> SqliteReader::generations() {
  return answer([&](Session& session) -> Result<std::vector<Generation>> {
    Statement row(session.connection,
                  "SELECT number, at, author, reason, manifest FROM generation "
                  "ORDER BY number DESC");
    std::vector<Generation> generations;
    while (row.step()) {
      generations.push_back({static_cast<uint64_t>(row.integer(0)),
                             {row.integer(1)},
                             std::string(row.bytes(2)),
                             std::string(row.bytes(3)),
                             std::string(row.bytes(4))});
    }
    return generations;
  });
}

Result<SqliteReader::Extent> SqliteReader::stand_still() {
  return answer([&](Session& session) -> Result<Extent> {
    session.still.emplace(session.connection, Transaction::Kind::read);
    const Meta meta = read_meta(session.connection);
    if (overlays_) overlay();
    return Extent{meta.next_position, meta.compacted_to};
  });
}

Status SqliteReader::addresses(const std::function<void(const Derived::Address&)>& visit) {
  return answer([&](Session& session) -> Status {
    Statement row(session.connection, "SELECT hash, state FROM address");
    while (row.step()) {
      const auto hash = static_cast<uint64_t>(row.integer(0)) ^ (1ull << 63);
      visit({hash, std::string(row.bytes(1))});
    }
    return {};
  });
}

Status SqliteReader::check_integrity() {
  return answer([&](Session& session) -> Status {
    Statement row(session.connection, "PRAGMA integrity_check(1)");
    ResetAtEnd reset(row);
    if (row.step() && row.bytes(0) == "ok") return {};
    return Error{Code::store_corrupt,
                 fmt::format("{} is damaged: {}", path_, row.bytes(0)),
                 {},
                 "restore it from a backup"};
  });
}

}  // namespace relance
