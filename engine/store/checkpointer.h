// Moves pages from SQLite's write-ahead log into the database file, off the commit path.
//
// A thread of the caller copies while commits go on; since new pages keep coming it never quite
// ends. When few remain it asks the writer, who copies the rest between two transactions: the log
// is then empty and starts over instead of growing.
//
// Threads: attach, finish_if_asked and the log's hook on the writing thread; run on the maintaining
// one; the counters from any.
// Fails: by throwing SqliteFailure.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "store/sqlite_connection.h"

namespace relance {

class Checkpointer {
 public:
  explicit Checkpointer(std::string path) : path_(std::move(path)) {}

  void attach(Connection& writer);  // which must not outlive this
  void finish_if_asked(Connection& writer);
  // Everything in the log is in the file, and the log's old bytes are gone. Where a reader is in
  // the way it is owed: tried again when the log is finished, or the store idle. Between two
  // transactions.
  void empty_log(Connection& writer);
  bool owes_empty_log() const { return empty_owed_; }

  bool run();  // true: more can be done at once

  uint64_t pages_written() const { return pages_written_; }  // to the log and to the file
  uint64_t flushes() const { return flushes_; }

 private:
  int copy(Connection& connection);  // how many pages of the log are copied
  void committed(int pages_in_log);

  std::string path_;
  std::unique_ptr<Connection> connection_;
  std::atomic<int> in_log_ = 0, copied_ = 0;
  std::atomic<bool> finish_asked_ = false, empty_owed_ = false;
  std::atomic<uint64_t> pages_written_ = 0, flushes_ = 0;
};

}  // namespace relance
