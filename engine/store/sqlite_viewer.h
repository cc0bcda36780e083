// A SQLite store opened to be read only, beside a writer of another process or alone. Its readers
// overlay the entries that the writer has not merged yet. Commits are fenced, maintain has nothing
// to do. Threads, fails: as store.h.
#pragma once

#include "store/store.h"

namespace relance {

class SqliteViewer final : public Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::string& path, StoreOptions options);

  const Opened& opened() const override { return opened_; }
  CommitOutcome commit(const Batch&) override { return CommitOutcome::fenced; }
  std::string trouble() const override { return path_ + " is open for reading only"; }
  Result<bool> maintain() override { return false; }
  std::unique_ptr<StoreReader> reader() override;
  Status addresses(const std::function<void(const Derived::Address&)>& visit) override;
  using Store::check;
  Status check(const Progress& progress) override;
  StoreStatistics statistics() const override;

 private:
  SqliteViewer(std::string path, StoreOptions options)
      : path_(std::move(path)), options_(std::move(options)) {}
  Status begin();

  std::string path_;
  StoreOptions options_;
  Opened opened_;
  uint64_t commits_ = 0;
};

}  // namespace relance
