// A connection to a database, as this plugin uses one. Two drivers: SQLite and PostgreSQL.
//
// Threads: one, the worker's. Blocks: every function, up to the time limit of a statement; all of
// them return soon once `stop` is set. Fails: with what the failure means for what was asked. After
// Kind::gone the connection is closed, and open() makes another.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "statement.h"

namespace sql {

struct Value {
  enum class Kind : uint8_t { null, text, integer, number, boolean } kind = Kind::null;
  std::string text = {};  // as text, whatever it is
};

struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;
  int64_t changed = 0;  // rows written
};

struct Failure {
  enum class Kind : uint8_t {
    gone,     // there is no connection, or there is none any more
    later,    // locked, too busy, too slow: as if it had never been asked
    refused,  // a constraint says no
    data,     // these values cannot be
    wrong     // the statement itself, or the right to run it: a person must look
  } kind;
  std::string reason;  // no values: the database's code and words
};
using Status = std::optional<Failure>;

// What one answer may be at most.
inline constexpr size_t kMostRows = 5000, kMostBytes = 4u << 20;

class Database {
 public:
  virtual ~Database() = default;
  virtual Status open() = 0;  // nothing to do where it is open
  virtual Status check(const Statement& statement) = 0;
  virtual Status run(const Statement& statement, const std::vector<Value>& values, Rows& rows) = 0;
  // gone after `commit`: it may have happened.
  virtual Status begin() = 0;
  virtual Status commit() = 0;
  virtual void roll_back() = 0;
};

struct Access {
  std::string place;  // SQLite: the file, empty = one of its own that is forgotten; PostgreSQL: a
                      // connection string of libpq
  bool create = false;
  int64_t timeout_ms = 5000;  // of one statement
};
std::unique_ptr<Database> make_sqlite(const Access& access, const std::atomic<bool>& stop);
std::unique_ptr<Database> make_postgresql(const Access& access, const std::atomic<bool>& stop);

}  // namespace sql
