// The commit path of SqliteStore: one batch, one transaction.
//
// Order within it: the row of meta first, since it takes the write lock and finds out whether this
// writer still owns the store; then appends, then what is random.

#include <fmt/format.h>

#include <algorithm>

#include "base/crash_point.h"
#include "store/sqlite_statements.h"

namespace relance {
namespace {

// A slice of the late tables per commit: enough to be done before the next generation is full,
// small enough not to be felt.
constexpr size_t kSliceBase = 4, kSliceLimit = 20'000;
// Rows of old snapshots looked through for each that is written: more than one, so that cleaning
// overtakes what it appends itself.
constexpr size_t kCleanedEach = 2;

size_t derived_count(const Batch& batch) {
  size_t count = 0;
  for (const NewEntry& entry : batch.entries) {
    count += entry.derived.seen.size() + entry.derived.references.size();
  }
  return count;
}

void assert_well_formed(const Batch& batch, Position next_position) {
  for (const NewEntry& entry : batch.entries) {
    RELANCE_ASSERT(entry.position == next_position++);
    RELANCE_ASSERT(entry.previous < entry.position);
  }
  RELANCE_ASSERT(batch.snapshots_complete_to <= next_position);
}

}  // namespace

SqliteStore::Statements::Statements(Connection& connection)
    : meta(connection),
      record(connection, "INSERT INTO record(seq, body) VALUES (?1, ?2)"),
      seen(connection, "INSERT OR REPLACE INTO seen(hash, seq) VALUES (?1, ?2)"),
      reference(connection, "INSERT OR REPLACE INTO reference(hash, seq) VALUES (?1, ?2)"),
      address(connection, "INSERT OR REPLACE INTO address(hash, state) VALUES (?1, ?2)"),
      lift(connection, "DELETE FROM address WHERE hash = ?1"),
      source(connection, "INSERT OR IGNORE INTO source(hash, text) VALUES (?1, ?2)"),
      generation(connection,
                 "INSERT OR REPLACE INTO generation(number, at, author, reason, manifest) "
                 "VALUES (?1, ?2, ?3, ?4, ?5)"),
      entry(connection, "SELECT body FROM record WHERE seq = ?1"),
      rewrite(connection, "UPDATE record SET body = ?2 WHERE seq = ?1"),
      erased(connection, "INSERT OR REPLACE INTO erased(customer, at) VALUES (?1, ?2)") {}

CommitOutcome SqliteStore::commit(const Batch& batch) {
  std::lock_guard writing(writing_);
  if (ended_) return *ended_;
  RELANCE_ASSERT(batch.epoch <= opened_.epoch);
  // A batch that was queued before this opening; this opening itself goes on.
  if (batch.epoch < opened_.epoch) return CommitOutcome::fenced;
  assert_well_formed(batch, meta_.next_position);
  try {
    if (!low_on_space()) checkpointer_.finish_if_asked(connection_);
    if (const auto refused = with_reserve([&] { return write(batch); })) return *refused;
  } catch (const SqliteFailure& failure) {
    snapshots_->rolled_back();
    return outcome_of(failure);
  }
  accept(batch);
  if (erases_) overwrite_log();
  return CommitOutcome::ok;
}

std::optional<CommitOutcome> SqliteStore::write(const Batch& batch) {
  snapshots_->rolled_back();  // an attempt before this one may have been
  const ErasedIn erased(batch);
  erases_ = !erased.empty();
  if (erases_) note_erased(erased, batch.at);
  Transaction transaction(connection_, Transaction::Kind::write);
  static const LateTables::Slice kNothing;
  // What can wait does, once little space is left: it is for the outcomes of what is under way.
  merges_ = !low_on_space();
  const size_t slice_size = std::min(kSliceBase + 2 * derived_count(batch), kSliceLimit);
  const LateTables::Slice& slice = merges_ ? late_->hashes.next_slice(slice_size) : kNothing;
  Meta next = meta_;
  next.next_position += batch.entries.size();
  next.horizon = std::max(next.horizon, batch.snapshots_complete_to);
  if (slice.last) next.late_horizon = slice.complete_to;
  next.at = std::max(next.at, batch.at);
  if (merges_)
    next.snapshot_horizon =
        snapshots_->horizon_with(std::min(kSliceBase + 2 * batch.snapshots.size(), kSliceLimit));
  if (!advance(next)) return why_refused();
  crash_point(CrashPoint::transaction_begun);
  write_entries(batch.entries);
  crash_point(CrashPoint::entries_written);
  for (const NewEntry& entry : batch.entries)
    if (entry.erases) erase(entry, batch.at);
  snapshots_->write(batch.snapshots, erased);
  if (merges_) {
    snapshots_->merge();
    snapshots_->clean(kSliceBase + kCleanedEach * batch.snapshots.size());
  }
  crash_point(CrashPoint::snapshots_written);
  write_bundles(batch);
  write_slice(slice);
  crash_point(CrashPoint::slice_written);
  transaction.commit();
  crash_point(CrashPoint::transaction_committed);
  ++next.commits;
  meta_ = std::move(next);
  return std::nullopt;
}

bool SqliteStore::advance(Meta next) {
  ++next.commits;
  return statements_->meta.run(next, meta_.epoch, meta_.commits);
}

void SqliteStore::write_entries(const std::vector<NewEntry>& entries) {
  for (const NewEntry& entry : entries) {
    row_.clear();
    encode_row(entry, row_);
    statements_->record.bind(1, position_column(entry.position)).bind(2, row_).done();
    for (const Derived::Address& address : entry.derived.addresses) {
      Statement& statement = address.state.empty() ? statements_->lift : statements_->address;
      statement.bind(1, hash_column(address.hash));
      if (!address.state.empty()) statement.bind_text(2, address.state);
      statement.done();
    }
  }
}

// Outside of what a backup copies, and before it is done: rather once too often.
void SqliteStore::note_erased(const ErasedIn& erased, Instant at) {
  std::vector<Erasure> noted;
  for (const auto& [customer, position] : erased) noted.push_back({customer, at});
  if (const Status written = add_erasures(path_ + "-erased", noted); !written)
    throw SqliteFailure{SQLITE_FULL, written.error().message};
}

// The batch is durable whatever comes of it; after a failure nothing more is committed.
void SqliteStore::overwrite_log() {
  try {
    checkpointer_.empty_log(connection_);
  } catch (const SqliteFailure& failure) {
    outcome_of(failure);
  }
}

void SqliteStore::erase(const NewEntry& erasing, Instant at) {
  RELANCE_ASSERT(options_.redact != nullptr);
  for (Position position = erasing.previous; position != 0;) {
    NewEntry left;
    {
      ResetAtEnd reset(statements_->entry);
      if (!statements_->entry.bind(1, position_column(position)).step())
        throw SqliteFailure{SQLITE_CORRUPT, fmt::format("entry {} is missing", position)};
      const auto entry = decode_row(position, statements_->entry.bytes(0));
      auto body = entry ? options_.redact(entry->customer, entry->body) : entry.error();
      if (!body) throw SqliteFailure{SQLITE_CORRUPT, body.error().message};
      left = {entry->customer, position, entry->previous, std::move(*body), {}, false};
    }
    row_.clear();
    encode_row(left, row_);
    statements_->rewrite.bind(1, position_column(position)).bind(2, row_).done();
    position = left.previous;
  }
  snapshots_->erase(erasing.customer, erasing.position);
  statements_->erased.bind(1, erasing.customer.view()).bind(2, at.ms).done();
}

void SqliteStore::write_bundles(const Batch& batch) {
  for (const Source& source : batch.sources) {
    statements_->source.bind_text(1, source.hash).bind(2, source.text).done();
  }
  if (!batch.generation) return;
  const Generation& generation = *batch.generation;
  statements_->generation.bind(1, static_cast<int64_t>(generation.number))
      .bind(2, generation.at.ms)
      .bind_text(3, generation.author)
      .bind_text(4, generation.reason)
      .bind_text(5, generation.manifest)
      .done();
}

void SqliteStore::write_slice(const LateTables::Slice& slice) {
  for (const auto& [hash, position] : slice.seen) {
    statements_->seen.bind(1, hash_column(hash)).bind(2, position_column(position)).done();
  }
  for (const auto& [hash, position] : slice.references) {
    statements_->reference.bind(1, hash_column(hash)).bind(2, position_column(position)).done();
  }
}

// Takes the committed batch into memory.
void SqliteStore::accept(const Batch& batch) {
  snapshots_->committed(options_.late_customers);
  if (merges_) late_->hashes.slice_written();
  late_->hashes.add(batch.entries);
  if (!late_->hashes.closed() && meta_.next_position - growing_from_ >= options_.late_entries) {
    late_->hashes.close(meta_.next_position);
    growing_from_ = meta_.next_position;
  }
  mark_commit(meta_.epoch);
  crash_point(CrashPoint::lock_written);
  commits_ = meta_.commits;
  next_position_ = meta_.next_position;
}

// The row of meta is not as this writer left it.
CommitOutcome SqliteStore::why_refused() {
  const Meta found = read_meta(connection_);
  trouble_ = fmt::format("{} is at epoch {}, commit {}; this writer left epoch {}, commit {}",
                         path_, found.epoch, found.commits, meta_.epoch, meta_.commits);
  const bool older =
      found.epoch < meta_.epoch || (found.epoch == meta_.epoch && found.commits < meta_.commits);
  ended_ = older ? CommitOutcome::went_back : CommitOutcome::fenced;
  return *ended_;
}

CommitOutcome SqliteStore::outcome_of(const SqliteFailure& failure) {
  const CommitOutcome outcome = commit_outcome(failure);
  if (outcome != CommitOutcome::full) ended_ = outcome;
  trouble_ = failure.error(path_).message;
  return outcome;
}

// SQLite would go on after a failed flush, with pages that the disk may have lost: we must not.
CommitOutcome commit_outcome(const SqliteFailure& failure) {
  switch (failure.primary()) {
    case SQLITE_FULL: return CommitOutcome::full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM: return CommitOutcome::unknown;
    default: return CommitOutcome::failed;
  }
}

}  // namespace relance
