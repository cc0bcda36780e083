#include "store/sqlite_connection.h"

#include <fmt/format.h>

namespace relance {
Error SqliteFailure::error(const std::string& path) const {
  if (primary() == SQLITE_FULL) {
    return {Code::store_full,
            fmt::format("no space left for {}: {}", path, message),
            {},
            "make room on the disk; nothing was lost"};
  }
  if (corrupt()) {
    return {Code::store_corrupt,
            fmt::format("{} is damaged: {}", path, message),
            {},
            "restore it from a backup"};
  }
  if (primary() == SQLITE_CANTOPEN || primary() == SQLITE_READONLY || primary() == SQLITE_PERM) {
    return {Code::store_open,
            fmt::format("{} cannot be opened: {}", path, message),
            {},
            "is it a file, and may this user write to it and its directory?"};
  }
  return {Code::store_failed, fmt::format("{}: {} ({})", path, message, code), {}, ""};
}

Connection::Connection(const std::string& path, Options options) {
  sqlite3* handle = nullptr;
  const int flags = options.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(code);
  sqlite3_busy_timeout(handle, kBusyWaitMs);
  run("PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0");
  run(fmt::format("PRAGMA cache_size = -{}", options.cache_bytes / 1024).c_str());
}

void Connection::run(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

void Connection::fail(int code) const {
  if (!handle_) throw SqliteFailure{code, sqlite3_errstr(code)};
  throw SqliteFailure{code, sqlite3_errmsg(handle_.get())};
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(connection) {
  sqlite3_stmt* handle = nullptr;
  check(sqlite3_prepare_v3(connection.get(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &handle, nullptr));
  handle_.reset(handle);
}

Statement& Statement::bind(int index, int64_t value) {
  check(sqlite3_bind_int64(handle_.get(), index, value));
  return *this;
}

// An empty view may have no address, which SQLite would read as NULL.
Statement& Statement::bind(int index, std::string_view bytes) {
  check(sqlite3_bind_blob64(handle_.get(), index, bytes.empty() ? "" : bytes.data(), bytes.size(),
                            SQLITE_STATIC));
  return *this;
}

Statement& Statement::bind_text(int index, std::string_view text) {
  check(sqlite3_bind_text64(handle_.get(), index, text.empty() ? "" : text.data(), text.size(),
                            SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_null(int index) {
  check(sqlite3_bind_null(handle_.get(), index));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  const SqliteFailure failure{code, sqlite3_errmsg(connection_.get())};
  reset();
  throw failure;
}

std::string_view Statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {data == nullptr ? "" : data, static_cast<size_t>(size)};
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) connection_.fail(code);
}

Transaction::Transaction(Connection& connection, Kind kind)
    : connection_(connection), outermost_(sqlite3_get_autocommit(connection.get()) != 0) {
  RELANCE_ASSERT(outermost_ || kind == Kind::read);
  if (outermost_) connection.run(kind == Kind::read ? "BEGIN" : "BEGIN IMMEDIATE");
}

// A failure may have rolled back already; rolling back again is then refused and harmless.
Transaction::~Transaction() {
  if (outermost_ && sqlite3_get_autocommit(connection_.get()) == 0) {
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() { connection_.run("COMMIT"); }

}  // namespace relance
