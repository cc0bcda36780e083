#include "store/compact.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <unordered_map>

#include "base/crash_point.h"
#include "store/beside.h"
#include "store/sqlite_schema.h"
#include "store/writer_lock.h"

namespace relance {
namespace {

constexpr size_t kCustomersAtOnce = 1000;

uint64_t size_of(const std::string& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  return missing ? 0 : size;
}

// Throws SqliteFailure.
class Compactor {
 public:
  Compactor(const std::string& path, Position before, const SumUp& sum_up, const Deriver& derive,
            const Progress& progress)
      : connection_(path, {.flags = SQLITE_OPEN_READWRITE, .cache_bytes = 32u << 20}),
        sum_up_(sum_up),
        derive_(derive),
        progress_(progress),
        meta_(read_meta(connection_)),
        before_(std::min(before, meta_.horizon)) {
    connection_.run("PRAGMA synchronous = FULL");
  }

  Status run(const WriterLock& lock) {
    if (before_ > 1) {
      begin();
      lock.write({meta_.installation, meta_.epoch, meta_.commits, lock.read().worked});
      if (Status done = sum_up_everybody(); !done) return done;
      forget_lookups();
    }
    // Not in memory, as all else that is temporary: it is a second store.
    connection_.run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA temp_store = FILE; VACUUM");
    connection_.run("PRAGMA wal_checkpoint(TRUNCATE)");
    return {};
  }

  uint64_t removed() const { return removed_; }
  uint64_t customers() const { return customers_; }

 private:
  // What is still to be derived from entries that will be gone is written now.
  void begin() {
    Statement seen(connection_, "INSERT OR REPLACE INTO seen(hash, seq) VALUES (?1, ?2)");
    Statement reference(connection_, "INSERT OR REPLACE INTO reference(hash, seq) VALUES (?1, ?2)");
    Statement mark(connection_, "UPDATE meta SET compacted_to = max(compacted_to, ?1)");
    Transaction transaction(connection_, Transaction::Kind::write);
    each_entry(meta_.late_horizon, [&](const StoredEntry& entry) {
      const Derived derived = derive_(entry.customer, entry.body);
      for (uint64_t hash : derived.seen)
        seen.bind(1, hash_column(hash)).bind(2, position_column(entry.position)).done();
      for (const Derived::Reference& one : derived.references)
        reference.bind(1, hash_column(one.hash)).bind(2, position_column(entry.position)).done();
    });
    mark.bind(1, position_column(before_)).done();
    Meta next = meta_;
    next.late_horizon = std::max(next.late_horizon, before_);
    ++next.commits;
    if (!MetaUpdate(connection_).run(next, meta_.epoch, meta_.commits))
      throw SqliteFailure{SQLITE_BUSY, "another writer has changed it"};
    transaction.commit();
    meta_ = next;
  }

  // Of [from, before_).
  template <class Visit>
  void each_entry(Position from, const Visit& visit) {
    Statement rows(connection_, "SELECT seq, body FROM record WHERE seq >= ?1 AND seq < ?2");
    rows.bind(1, position_column(from)).bind(2, position_column(before_));
    while (rows.step()) {
      const auto entry = decode_row(static_cast<Position>(rows.integer(0)), rows.bytes(1));
      if (!entry) throw SqliteFailure{SQLITE_CORRUPT, entry.error().message};
      visit(*entry);
    }
  }

  // Everybody's last old entry, in the order of the file.
  std::vector<Position> last_entries() {
    std::unordered_map<Key, Position, KeyHash> last;
    each_entry(1, [&](const StoredEntry& entry) { last[entry.customer] = entry.position; });
    std::vector<Position> sorted;
    sorted.reserve(last.size());
    for (const auto& [customer, position] : last) sorted.push_back(position);
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }

  Status sum_up_everybody() {
    const std::vector<Position> last = last_entries();
    for (size_t done = 0; done < last.size();) {
      Transaction transaction(connection_, Transaction::Kind::write);
      const size_t end = std::min(last.size(), done + kCustomersAtOnce);
      for (; done < end; ++done)
        if (Status summed = sum_up_one(last[done]); !summed) return summed;
      crash_point(CrashPoint::compacted_some);
      transaction.commit();
      if (progress_) progress_(done, last.size());
    }
    return {};
  }

  Status sum_up_one(Position last) {
    std::vector<std::string> rows;  // newest first
    std::vector<StoredEntry> entries;
    for (Position position = last; position != 0;) {
      ResetAtEnd reset(read_);
      if (!read_.bind(1, position_column(position)).step())
        throw SqliteFailure{SQLITE_CORRUPT, fmt::format("entry {} is missing", position)};
      rows.emplace_back(read_.bytes(0));
      const auto entry = decode_row(position, rows.back());
      if (!entry) return entry.error();
      entries.push_back(*entry);
      position = entry->previous;
    }
    // A short row lies within its string, which has moved meanwhile.
    for (size_t i = 0; i < rows.size(); ++i) entries[i] = *decode_row(entries[i].position, rows[i]);
    std::reverse(entries.begin(), entries.end());
    auto body = sum_up_(entries.back().customer, entries);
    if (!body) return body.error();
    if (!body->empty()) replace(entries, std::move(*body));
    return {};
  }

  void replace(const std::vector<StoredEntry>& entries, std::string body) {
    NewEntry base;
    base.customer = entries.back().customer;
    base.position = entries.back().position;
    base.body = std::move(body);
    std::string row;
    encode_row(base, row);
    write_.bind(1, row).bind(2, position_column(base.position)).done();
    for (const StoredEntry& entry : entries)
      if (entry.position != base.position) delete_.bind(1, position_column(entry.position)).done();
    removed_ += entries.size() - 1;
    ++customers_;
  }

  void forget_lookups() {
    Transaction transaction(connection_, Transaction::Kind::write);
    for (const char* table : {"seen", "reference"})
      Statement(connection_, fmt::format("DELETE FROM {} WHERE seq < ?1", table))
          .bind(1, position_column(before_))
          .done();
    transaction.commit();
  }

  Connection connection_;
  const SumUp& sum_up_;
  const Deriver& derive_;
  const Progress& progress_;
  Meta meta_;
  const Position before_;
  Statement read_{connection_, "SELECT body FROM record WHERE seq = ?1"};
  Statement write_{connection_, "UPDATE record SET body = ?1 WHERE seq = ?2"};
  Statement delete_{connection_, "DELETE FROM record WHERE seq = ?1"};
  uint64_t removed_ = 0, customers_ = 0;
};

}  // namespace

Result<Compacted> compact_store(const std::string& store, Position before, const SumUp& sum_up,
                                const Deriver& derive, const Progress& progress) {
  const std::string path = beside_store(store, "");
  if (path.empty()) return Error{Code::usage, store + " lies in no file", {}, "sqlite:PATH"};
  const auto lock = WriterLock::take(path);
  if (!lock) return lock.error();
  return guarded(path, [&]() -> Result<Compacted> {
    Compacted compacted;
    compacted.bytes_before = size_of(path) + size_of(path + "-wal");
    {
      Connection connection(path, {});
      if (Status current = expect_current_schema(connection, path); !current)
        return current.error();
    }
    Compactor compactor(path, before, sum_up, derive, progress);
    if (Status done = compactor.run(*lock); !done) return done.error();
    compacted.entries_removed = compactor.removed();
    compacted.customers = compactor.customers();
    compacted.bytes_after = size_of(path) + size_of(path + "-wal");
    return compacted;
  });
}

}  // namespace relance
