// A store in one SQLite file, opened for writing: log with synchronous=FULL, one transaction a
// batch.
//
// Lookups (seen, references) are merged late (late_tables.h): a generation is closed every
// StoreOptions::late_entries entries, and each commit then writes a slice of it, about twice what
// it added itself, so that merging keeps pace with the load. Snapshots are appended, and where they
// lie is merged in the same way (sqlite_snapshots.h). Addresses, sources and generations are
// written with their batch. Threads, fails: as store.h.
#pragma once

#include <atomic>
#include <mutex>

#include "store/checkpointer.h"
#include "store/erased.h"
#include "store/late.h"
#include "store/reserve.h"
#include "store/sqlite_connection.h"
#include "store/sqlite_schema.h"
#include "store/sqlite_snapshots.h"
#include "store/store.h"
#include "store/writer_lock.h"

namespace relance {

class SqliteStore final : public Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::string& path, StoreOptions options);
  ~SqliteStore() override;

  const Opened& opened() const override { return opened_; }
  CommitOutcome commit(const Batch& batch) override;
  bool low_on_space() const override { return !reserve_.whole(); }
  bool regain_space() override { return reserve_.fill(); }
  std::string trouble() const override { return trouble_; }
  Result<bool> maintain() override;
  std::unique_ptr<StoreReader> reader() override;
  Status addresses(const std::function<void(const Derived::Address&)>& visit) override;
  using Store::check;
  Status check(const Progress& progress) override;
  StoreStatistics statistics() const override;

 private:
  struct Statements;

  SqliteStore(const std::string& path, StoreOptions options, WriterLock lock);

  // Opening. These throw SqliteFailure as well as answer with an Error.
  Status begin();
  void configure();
  Status start_epoch();
  Status judge_last_writer();
  void mark_commit(uint64_t worked);
  Status read_tail();
  Status compare_erasures();

  // Does it again after a full disk, once the reserve was given up. Throws what it throws.
  template <class Write>
  auto with_reserve(const Write& write) {
    try {
      return write();
    } catch (const SqliteFailure& failure) {
      if (failure.primary() != SQLITE_FULL || !reserve_.give_up()) throw;
      return write();
    }
  }

  // Committing. These throw SqliteFailure.
  std::optional<CommitOutcome> write(const Batch& batch);
  void write_entries(const std::vector<NewEntry>& entries);
  void note_erased(const ErasedIn& erased, Instant at);
  void erase(const NewEntry& erasing, Instant at);
  void overwrite_log();
  void write_bundles(const Batch& batch);
  void write_slice(const LateTables::Slice& slice);
  bool advance(Meta next);
  void accept(const Batch& batch);
  CommitOutcome why_refused();
  CommitOutcome outcome_of(const SqliteFailure& failure);
  bool merge_while_idle();

  std::string path_;
  StoreOptions options_;
  WriterLock lock_;
  const bool existed_;  // the file, before it was opened
  Reserve reserve_;
  Checkpointer checkpointer_;
  Connection connection_;
  std::unique_ptr<Statements> statements_;
  std::shared_ptr<Late> late_ = std::make_shared<Late>();
  std::unique_ptr<SqliteSnapshots> snapshots_;

  std::mutex writing_;  // commit(), and maintain() where it merges
  Opened opened_;
  Meta meta_;                  // as the last commit left it
  Position growing_from_ = 1;  // the growing late generation is of the entries from here on
  std::optional<CommitOutcome> ended_;  // the answer to every commit from now on
  std::string trouble_;
  std::string row_;
  bool erases_ = false;                                    // the commit under way
  bool merges_ = true;                                     // the commit under way merges and cleans
  std::atomic<uint64_t> commits_ = 0, next_position_ = 1;  // meta_'s, for other threads
  uint64_t commits_at_last_maintain_ = 0;
};

// What a failure within a commit's transaction means to the caller.
CommitOutcome commit_outcome(const SqliteFailure& failure);

}  // namespace relance
