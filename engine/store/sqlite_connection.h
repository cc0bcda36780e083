// A small RAII layer over SQLite's C API: a connection, prepared statements, a transaction.
//
// Threads: a connection and its statements by one thread at a time (they carry no lock).
// Owns: a Statement must not outlive its Connection.
// Fails: by throwing SqliteFailure, which does not leave this room: the functions of the contract
// catch it and answer with an Error or a CommitOutcome.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace relance {

struct SqliteFailure {
  int code = SQLITE_ERROR;  // extended result code
  std::string message;

  int primary() const { return code & 0xff; }
  bool corrupt() const { return primary() == SQLITE_CORRUPT || primary() == SQLITE_NOTADB; }
  // store_full, store_corrupt, store_open or store_failed; the message names the file.
  Error error(const std::string& path) const;
};

class Connection {
 public:
  struct Options {
    int flags = SQLITE_OPEN_READONLY;
    uint64_t cache_bytes = 512u << 10;
  };
  // How long a statement waits for another connection: only a tool that writes, or a restart of
  // the log, is ever met.
  static constexpr int kBusyWaitMs = 5'000;
  // Opens the file; no page is read yet.
  Connection(const std::string& path, Options options);

  void run(const char* sql);  // any number of statements without parameters
  sqlite3* get() const { return handle_.get(); }
  [[noreturn]] void fail(int code) const;

 private:
  struct Closer {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Closer> handle_;
};

// A prepared statement. bind() numbers from 1; bytes are not copied and must live until the
// statement is done; columns are numbered from 0, and bytes live until the next step.
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);

  Statement& bind(int index, int64_t value);
  Statement& bind(int index, std::string_view bytes);  // a blob
  Statement& bind_text(int index, std::string_view text);
  Statement& bind_null(int index);

  bool step();  // true: there is a row. Resets itself at the end and after a failure.
  void done() {
    while (step()) {
    }
  }
  void reset() { sqlite3_reset(handle_.get()); }
  bool busy() const { return sqlite3_stmt_busy(handle_.get()) != 0; }

  int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  bool is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
  }
  std::string_view bytes(int column) const;

 private:
  void check(int code) const;

  struct Finalizer {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  Connection& connection_;
  std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
};

// Resets the statement when a visit ends early or throws.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(Statement& statement) : statement_(statement) {}
  ~ResetAtEnd() { statement_.reset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  Statement& statement_;
};

// Rolls back unless committed. One to read within another is a part of that one.
class Transaction {
 public:
  enum class Kind { read, write };
  Transaction(Connection& connection, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
  const bool outermost_;
};

// Answers with what `work` returns; a failure of SQLite becomes an Error that names the file.
template <class Work>
auto guarded(const std::string& path, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SqliteFailure& failure) {
    return failure.error(path);
  }
}

}  // namespace relance
