// SQLite: one file, its lock waited for, statements interrupted where the plugin ends.
#include <sqlite3.h>

#include <algorithm>
#include <charconv>

#include "database.h"

namespace sql {
namespace {

constexpr int kStepsBetweenLooks = 10'000;    // of SQLite's virtual machine
constexpr int64_t kStepsAMillisecond = 2000;  // about: what a slow machine does at least
constexpr int64_t kMostLockMs = 2000;

using Prepared = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

class Sqlite final : public Database {
 public:
  Sqlite(const Access& access, const std::atomic<bool>& stop) : access_(access), stop_(stop) {}
  ~Sqlite() override { sqlite3_close_v2(db_); }

  Status open() override {
    if (db_ != nullptr) return std::nullopt;
    const int flags =
        SQLITE_OPEN_READWRITE | (access_.create || access_.place.empty() ? SQLITE_OPEN_CREATE : 0);
    const int code = sqlite3_open_v2(access_.place.c_str(), &db_, flags, nullptr);
    if (code != SQLITE_OK) {
      const std::string reason = db_ == nullptr ? "no memory" : sqlite3_errmsg(db_);
      sqlite3_close_v2(db_);
      db_ = nullptr;
      return Failure{Failure::Kind::gone, reason};
    }
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, static_cast<int>(std::min(access_.timeout_ms, kMostLockMs)));
    sqlite3_progress_handler(db_, kStepsBetweenLooks, look, this);
    return std::nullopt;
  }

  Status check(const Statement& statement) override {
    Prepared prepared(nullptr, sqlite3_finalize);
    return prepare(statement, prepared);
  }

  Status run(const Statement& statement, const std::vector<Value>& values, Rows& rows) override {
    Prepared prepared(nullptr, sqlite3_finalize);
    if (auto failure = prepare(statement, prepared)) return failure;
    for (size_t i = 0; i < values.size(); ++i)
      bind(prepared.get(), static_cast<int>(i + 1), values[i]);
    looks_left_ = access_.timeout_ms * kStepsAMillisecond / kStepsBetweenLooks;
    const int before = sqlite3_total_changes(db_);
    const int columns = sqlite3_column_count(prepared.get());
    for (int i = 0; i < columns; ++i)
      rows.columns.emplace_back(sqlite3_column_name(prepared.get(), i));
    size_t bytes = 0;
    int code = sqlite3_step(prepared.get());
    for (; code == SQLITE_ROW; code = sqlite3_step(prepared.get())) {
      rows.rows.emplace_back();
      for (int i = 0; i < columns; ++i) {
        rows.rows.back().push_back(value(prepared.get(), i));
        bytes += rows.rows.back().back().text.size();
      }
      if (rows.rows.size() > kMostRows || bytes > kMostBytes) {
        return Failure{Failure::Kind::wrong, "its answer is too large"};
      }
    }
    if (code != SQLITE_DONE) return failure();
    rows.changed = sqlite3_total_changes(db_) - before;
    return std::nullopt;
  }

  Status begin() override { return plain("BEGIN IMMEDIATE"); }
  Status commit() override {
    auto failed = plain("COMMIT");
    if (sqlite3_get_autocommit(db_) == 0) roll_back();  // it is still open: begin() would fail
    return failed;
  }
  void roll_back() override { plain("ROLLBACK"); }

 private:
  static int look(void* self) {
    auto* mine = static_cast<Sqlite*>(self);
    return mine->stop_ || --mine->looks_left_ < 0 ? 1 : 0;
  }

  Status plain(const char* text) {
    looks_left_ = access_.timeout_ms * kStepsAMillisecond / kStepsBetweenLooks;
    return sqlite3_exec(db_, text, nullptr, nullptr, nullptr) == SQLITE_OK ? std::nullopt
                                                                           : Status(failure());
  }

  Status prepare(const Statement& statement, Prepared& prepared) {
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v2(db_, statement.text.data(),
                                        static_cast<int>(statement.text.size()), &made, nullptr);
    prepared.reset(made);
    return code == SQLITE_OK ? std::nullopt : Status(failure());
  }

  static void bind(sqlite3_stmt* statement, int at, const Value& value) {
    const char* begin = value.text.data();
    const char* end = begin + value.text.size();
    int64_t integer = 0;
    double number = 0;
    switch (value.kind) {
      case Value::Kind::integer:
        std::from_chars(begin, end, integer);
        sqlite3_bind_int64(statement, at, integer);
        break;
      case Value::Kind::number:
        std::from_chars(begin, end, number);
        sqlite3_bind_double(statement, at, number);
        break;
      case Value::Kind::boolean: sqlite3_bind_int(statement, at, value.text == "true"); break;
      case Value::Kind::text:
        sqlite3_bind_text64(statement, at, begin, value.text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        break;
      case Value::Kind::null: sqlite3_bind_null(statement, at); break;
    }
  }

  static Value value(sqlite3_stmt* statement, int at) {
    const int type = sqlite3_column_type(statement, at);
    if (type == SQLITE_NULL) return {};
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, at));
    const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, at));
    const auto kind = type == SQLITE_INTEGER ? Value::Kind::integer
                      : type == SQLITE_FLOAT ? Value::Kind::number
                                             : Value::Kind::text;
    return {kind, std::string(bytes == nullptr ? "" : bytes, bytes == nullptr ? 0 : size)};
  }

  Failure failure() const {
    const int code = sqlite3_extended_errcode(db_);
    const std::string reason =
        std::string("SQLite ") + std::to_string(code) + ": " + sqlite3_errstr(code & 0xff);
    switch (code & 0xff) {
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
      case SQLITE_INTERRUPT:
      case SQLITE_FULL:
      case SQLITE_NOMEM: return {Failure::Kind::later, reason};
      case SQLITE_CONSTRAINT: return {Failure::Kind::refused, reason};
      case SQLITE_MISMATCH:
      case SQLITE_TOOBIG: return {Failure::Kind::data, reason};
      case SQLITE_IOERR: return {Failure::Kind::gone, reason};
      default: return {Failure::Kind::wrong, std::string("SQLite: ") + sqlite3_errmsg(db_)};
    }
  }

  Access access_;
  const std::atomic<bool>& stop_;
  int64_t looks_left_ = 0;
  sqlite3* db_ = nullptr;
};

}  // namespace

std::unique_ptr<Database> make_sqlite(const Access& access, const std::atomic<bool>& stop) {
  return std::make_unique<Sqlite>(access, stop);
}

}  // namespace sql
