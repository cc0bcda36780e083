#include "store/sqlite_store.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/crash_point.h"
#include "store/installation.h"
#include "store/sqlite_reader.h"
#include "store/sqlite_statements.h"
#include "store/store_check.h"

namespace relance {
namespace {

constexpr int kPageBytes = 4096;
constexpr size_t kIdleSlice = 4'096;

Meta first_meta(const std::string& installation_seed) {
  Meta meta;
  meta.installation = make_installation(installation_seed);
  return meta;
}

bool has_row(Connection& connection, const char* table) {
  Statement statement(connection, fmt::format("SELECT 1 FROM {} LIMIT 1", table));
  ResetAtEnd reset(statement);
  return statement.step();
}

uint64_t size_of(const std::string& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  return missing ? 0 : size;
}

}  // namespace

Result<std::unique_ptr<Store>> SqliteStore::open(const std::string& path, StoreOptions options) {
  RELANCE_ASSERT(options.derive != nullptr);
  Result<WriterLock> lock = WriterLock::take(path);
  if (!lock) return lock.error();
  return guarded(path, [&]() -> Result<std::unique_ptr<Store>> {
    std::unique_ptr<SqliteStore> store(
        new SqliteStore(path, std::move(options), std::move(lock).value()));
    Status begun = store->begin();
    if (!begun) return begun.error();
    store->reserve_.fill();
    return std::unique_ptr<Store>(std::move(store));
  });
}

SqliteStore::SqliteStore(const std::string& path, StoreOptions options, WriterLock lock)
    : path_(path),
      options_(std::move(options)),
      lock_(std::move(lock)),
      existed_(size_of(path) > 0),
      reserve_(path + "-reserve", options_.rehearsal ? 0 : options_.reserve_bytes),
      checkpointer_(path),
      connection_(path, {.flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                         .cache_bytes = options_.cache_bytes}) {}

// After an I/O error nothing may touch the file again, closing must not copy the log into it.
SqliteStore::~SqliteStore() {
  if (ended_ == CommitOutcome::failed) {
    sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
}

Status SqliteStore::begin() {
  configure();
  Result<bool> created = migrate(connection_, path_);
  if (!created) return created.error();
  if (!has_row(connection_, "meta")) {
    if (has_row(connection_, "record")) {
      return Error{Code::store_corrupt, fmt::format("{}: table meta is empty", path_), {}, ""};
    }
    insert_meta(connection_, first_meta(options_.installation_seed));
    opened_.created = true;
  }
  crash_point(CrashPoint::schema_made);
  statements_ = std::make_unique<Statements>(connection_);
  snapshots_ = std::make_unique<SqliteSnapshots>(connection_, late_->customers);
  checkpointer_.attach(connection_);
  Status started = start_epoch();
  if (started) started = compare_erasures();
  if (!started) return started;
  return read_tail();
}

void SqliteStore::configure() {
  connection_.run(fmt::format("PRAGMA page_size = {}", kPageBytes).c_str());
  Statement journal(connection_, "PRAGMA journal_mode = WAL");
  ResetAtEnd reset(journal);
  if (!journal.step() || journal.bytes(0) != "wal") {
    throw SqliteFailure{SQLITE_CANTOPEN, "its file system does not support a write-ahead log"};
  }
  journal.done();                                // it says "wal" first, and can fail after that
  connection_.run("PRAGMA secure_delete = ON");  // what is erased is overwritten
  connection_.run(options_.rehearsal ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL");
  if (options_.max_bytes > 0) {
    const uint64_t pages = std::max<uint64_t>(1, options_.max_bytes / kPageBytes);
    connection_.run(fmt::format("PRAGMA max_page_count = {}", pages).c_str());
  }
}

// What the lock's file says of the writer before: whether the store is older than he left it, up to
// which epoch (in opened_.epoch) his may have gone, and who was the last to do any work. A loss is
// written down before this opening becomes durable and would pass for a writer itself.
Status SqliteStore::judge_last_writer() {
  const WriterLock::Mark mark = lock_.read();
  // A file whose log is damaged from its first page on looks like a new one. Where a person has
  // deleted the file, it is one.
  const bool lost_all = opened_.created && existed_ && mark.commits > 0;
  const bool same = !opened_.created && mark.installation == meta_.installation;
  opened_.hold = read_hold(path_ + "-held");
  opened_.last_worked = meta_.epoch;
  if (!lost_all && !same) return {};
  opened_.went_back = lost_all || mark.commits > meta_.commits;
  opened_.epoch = mark.epoch;
  // Each opening is one commit and one epoch.
  const bool opened_only = meta_.commits - mark.commits == meta_.epoch - mark.epoch;
  if (opened_only) opened_.last_worked = mark.worked;
  if (!opened_.went_back || (opened_.hold && !opened_.hold->released())) return {};
  SendHold lost{lost_all ? Instant::beginning() : meta_.at, Instant::never(),
                "the store lost commits that it had acknowledged"};
  if (opened_.hold && meta_.at < opened_.hold->over_at())
    lost.from = std::min(lost.from, opened_.hold->from);
  opened_.hold = lost;
  return write_hold(path_ + "-held", *opened_.hold);
}

void SqliteStore::mark_commit(uint64_t worked) {
  lock_.write({meta_.installation, meta_.epoch, meta_.commits, worked});
}

// The new epoch is higher than those of commits that were lost, too.
Status SqliteStore::start_epoch() {
  meta_ = read_meta(connection_);
  Statement last(connection_, "SELECT ifnull(max(seq), 0) FROM record");
  last.step();
  const auto last_position = static_cast<Position>(last.integer(0));
  last.reset();
  if (last_position != 0 && last_position + 1 != meta_.next_position) {
    return Error{Code::store_corrupt,
                 fmt::format("{}: the last entry is {}, it should be {}", path_, last_position,
                             meta_.next_position - 1),
                 {},
                 ""};
  }
  if (Status judged = judge_last_writer(); !judged) return judged;
  Meta next = meta_;
  next.epoch = std::max(next.epoch, opened_.epoch);
  ++next.epoch;
  ++next.commits;
  const auto write_it = [&] {
    Transaction transaction(connection_, Transaction::Kind::write);
    const bool ours = statements_->meta.run(next, meta_.epoch, meta_.commits);
    if (ours) transaction.commit();
    return ours;
  };
  if (!with_reserve(write_it))
    return Error{Code::store_in_use, fmt::format("{} is in use by another writer", path_), {}, ""};
  meta_ = next;
  crash_point(CrashPoint::epoch_committed);
  mark_commit(opened_.last_worked);
  crash_point(CrashPoint::epoch_marked);
  opened_.installation = meta_.installation;
  opened_.epoch = meta_.epoch;
  if (opened_.went_back) opened_.last_worked = meta_.epoch;
  opened_.next_position = meta_.next_position;
  opened_.horizon = meta_.horizon;
  opened_.last_commit_at = meta_.at;
  return {};
}

Status SqliteStore::compare_erasures() {
  const auto noted = read_erasures(path_ + "-erased");
  if (!noted) return noted.error();
  if (noted->empty()) return {};
  std::map<Key, Instant> done;
  Statement rows(connection_, "SELECT customer, at FROM erased");
  while (rows.step()) done[key_column(rows, 0)] = Instant{rows.integer(1)};
  for (const auto& [customer, at] : *noted) {
    const auto known = done.find(customer);
    if (known == done.end() || known->second < at) opened_.erase_again.push_back(customer);
  }
  return {};
}

Status SqliteStore::read_tail() {
  snapshots_->opening(meta_);
  growing_from_ = meta_.late_horizon;
  commits_ = meta_.commits;
  next_position_ = meta_.next_position;
  return reader()->entries(meta_.late_horizon, meta_.next_position, [&](const StoredEntry& entry) {
    late_->hashes.add(options_.derive(entry.customer, entry.body), entry.position);
    return true;
  });
}

// A failed flush of a checkpoint ends the store as that of a commit does: tried again, it would
// succeed without having written.
//
// What little space is left is for outcomes: copying would let the file grow while the log cannot
// start over yet.
Result<bool> SqliteStore::maintain() {
  if (low_on_space()) return false;
  try {
    const bool more_to_copy = checkpointer_.run();
    return merge_while_idle() || more_to_copy;
  } catch (const SqliteFailure& failure) {
    if (failure.primary() == SQLITE_BUSY) return true;
    if (failure.primary() == SQLITE_FULL) return false;  // the log keeps it until there is room
    std::lock_guard writing(writing_);
    snapshots_->rolled_back();
    outcome_of(failure);
    return failure.error(path_);
  }
}

// While commits come they carry the slices; a transaction of its own would only cost a flush.
bool SqliteStore::merge_while_idle() {
  const uint64_t commits = commits_;
  const bool idle = commits == commits_at_last_maintain_;
  commits_at_last_maintain_ = commits;
  if (idle && checkpointer_.owes_empty_log()) {
    const std::unique_lock writing(writing_, std::try_to_lock);
    if (writing && !ended_) checkpointer_.empty_log(connection_);
  }
  const auto waits = [&] { return late_->hashes.closed() || late_->customers.closed(); };
  if (!idle || !waits()) return false;
  std::unique_lock writing(writing_, std::try_to_lock);
  if (!writing || ended_) return false;
  const LateTables::Slice& slice = late_->hashes.next_slice(kIdleSlice);
  Transaction transaction(connection_, Transaction::Kind::write);
  Meta next = meta_;
  if (slice.last) next.late_horizon = slice.complete_to;
  next.snapshot_horizon = snapshots_->horizon_with(kIdleSlice);
  // A commit will find out why, and answer.
  if (!advance(next)) return false;
  write_slice(slice);
  snapshots_->merge();
  snapshots_->clean(kIdleSlice);
  crash_point(CrashPoint::idle_slice_written);
  transaction.commit();
  crash_point(CrashPoint::idle_slice_committed);
  ++next.commits;
  meta_ = next;
  late_->hashes.slice_written();
  snapshots_->committed(options_.late_customers);
  mark_commit(lock_.read().worked);
  commits_ = commits_at_last_maintain_ = meta_.commits;
  return waits();
}

std::unique_ptr<StoreReader> SqliteStore::reader() {
  return std::make_unique<SqliteReader>(path_, options_.derive, late_);
}

Status SqliteStore::addresses(const std::function<void(const Derived::Address&)>& visit) {
  return SqliteReader(path_, options_.derive, late_).addresses(visit);
}

Status SqliteStore::check(const Progress& progress) {
  SqliteReader reader(path_, options_.derive, late_);
  Status whole = reader.check_integrity();
  if (!whole) return whole;
  std::vector<Derived::Address> known;
  Status read =
      reader.addresses([&](const Derived::Address& address) { known.push_back(address); });
  if (!read) return read;
  return check_store(
      {reader, next_position_, options_.derive, std::move(known), progress, meta_.compacted_to});
}

StoreStatistics SqliteStore::statistics() const {
  StoreStatistics statistics;
  statistics.commits = commits_;
  statistics.entries = next_position_ - 1;
  statistics.flushes = checkpointer_.flushes();
  statistics.bytes_written = checkpointer_.pages_written() * kPageBytes;
  statistics.bytes_on_disk = size_of(path_) + size_of(path_ + "-wal");
  statistics.late_waiting = late_->hashes.waiting() + late_->customers.waiting();
  return statistics;
}

}  // namespace relance
