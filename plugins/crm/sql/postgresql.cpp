// PostgreSQL: one connection. Statements are sent and waited for in slices, so that neither a
// silent network nor the end of the plugin has to wait for the server.
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "database.h"

namespace sql {
namespace {

constexpr int kSliceMs = 50;
constexpr int64_t kGraceMs = 2000;  // beyond the server's own time limit of a statement

// Types of results (PostgreSQL, pg_type.dat).
constexpr Oid kBool = 16, kInt8 = 20, kInt2 = 21, kInt4 = 23, kFloat4 = 700, kFloat8 = 701,
              kNumeric = 1700;

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

Value::Kind kind_of(Oid type) {
  switch (type) {
    case kBool: return Value::Kind::boolean;
    case kInt2:
    case kInt4:
    case kInt8: return Value::Kind::integer;
    case kFloat4:
    case kFloat8:
    case kNumeric: return Value::Kind::number;
    default: return Value::Kind::text;
  }
}

// By the class of its SQLSTATE (PostgreSQL, "Error Codes").
Failure::Kind kind_of(std::string_view state) {
  const std::string_view group = state.substr(0, 2);
  if (group == "23") return Failure::Kind::refused;
  if (group == "22") return Failure::Kind::data;
  if (group == "40" || group == "53" || group == "55" || state == "57014") {
    return Failure::Kind::later;
  }
  return group == "57" || group == "08" || state.empty() ? Failure::Kind::gone
                                                         : Failure::Kind::wrong;
}

class PostgreSql final : public Database {
 public:
  PostgreSql(const Access& access, const std::atomic<bool>& stop) : access_(access), stop_(stop) {}

  Status open() override {
    if (connection_ != nullptr && PQstatus(connection_.get()) == CONNECTION_OK) return std::nullopt;
    const std::string timeout = std::to_string(access_.timeout_ms);
    const std::string options = "-c statement_timeout=" + timeout + " -c lock_timeout=" + timeout +
                                " -c idle_in_transaction_session_timeout=60000" +
                                " -c timezone=UTC -c datestyle=ISO -c client_encoding=UTF8" +
                                " -c standard_conforming_strings=on";
    // The last of equal names counts, and dbname is read as a connection string.
    const char* names[] = {"connect_timeout", "fallback_application_name", "dbname", "options",
                           nullptr};
    const char* values[] = {"3", "relance", access_.place.c_str(), options.c_str(), nullptr};
    connection_.reset(PQconnectdbParams(names, values, 1));
    PQsetNoticeReceiver(
        connection_.get(), [](void*, const PGresult*) {}, nullptr);
    if (PQstatus(connection_.get()) == CONNECTION_OK) return std::nullopt;
    std::string reason = first_line(PQerrorMessage(connection_.get()));
    connection_.reset();
    return Failure{Failure::Kind::gone, std::move(reason)};
  }

  Status check(const Statement& statement) override {
    if (PQsendPrepare(connection_.get(), "", statement.text.c_str(), 0, nullptr) == 0) {
      return lost();
    }
    Result result;
    return wait(result);
  }

  Status run(const Statement& statement, const std::vector<Value>& values, Rows& rows) override {
    std::vector<const char*> texts;
    for (const Value& value : values) {
      texts.push_back(value.kind == Value::Kind::null ? nullptr : value.text.c_str());
    }
    if (PQsendQueryParams(connection_.get(), statement.text.c_str(), static_cast<int>(texts.size()),
                          nullptr, texts.data(), nullptr, nullptr, 0) == 0) {
      return lost();
    }
    Result result;
    if (auto failure = wait(result)) return failure;
    return take(result.get(), rows);
  }

  Status begin() override { return plain("BEGIN"); }
  Status commit() override { return plain("COMMIT"); }
  void roll_back() override {
    if (connection_ != nullptr) plain("ROLLBACK");
  }

 private:
  static std::string first_line(const char* text) {
    const std::string_view all(text);
    return std::string(all.substr(0, all.find('\n')));
  }

  Status plain(const char* text) {
    if (PQsendQuery(connection_.get(), text) == 0) return lost();
    Result result;
    return wait(result);
  }

  Failure lost() {
    std::string reason = first_line(PQerrorMessage(connection_.get()));
    connection_.reset();
    return {Failure::Kind::gone, std::move(reason)};
  }

  // Until the answer is whole; the last result of it counts, and a failure more than the others.
  Status wait(Result& result) {
    int64_t left_ms = access_.timeout_ms + kGraceMs;
    while (PQflush(connection_.get()) == 1 || PQisBusy(connection_.get()) == 1) {
      if (stop_ || left_ms <= 0) {
        cancel();
        connection_.reset();
        return Failure{Failure::Kind::gone, "the server does not answer"};
      }
      pollfd waiting{PQsocket(connection_.get()), POLLIN, 0};
      const int ready = poll(&waiting, 1, kSliceMs);
      if (ready == 0) left_ms -= kSliceMs;
      if (ready < 0 && errno != EINTR) return lost();
      if (ready > 0 && PQconsumeInput(connection_.get()) == 0) return lost();
    }
    Status failure;
    while (PGresult* next = PQgetResult(connection_.get())) {
      result.reset(next);
      const ExecStatusType status = PQresultStatus(next);
      if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) failure = failure_of(next);
    }
    if (PQstatus(connection_.get()) != CONNECTION_OK) return lost();
    return failure;
  }

  void cancel() {
    char problem[256];
    PGcancel* request = PQgetCancel(connection_.get());
    PQcancel(request, problem, sizeof problem);
    PQfreeCancel(request);
  }

  static Failure failure_of(const PGresult* result) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const std::string_view code = state == nullptr ? "" : state;
    const Failure::Kind kind = kind_of(code);
    std::string reason = "SQLSTATE " + std::string(code);
    // Of a constraint or a value the words may name the customer's data.
    const bool tells = kind == Failure::Kind::wrong || kind == Failure::Kind::gone;
    if (tells && words != nullptr) reason += ": " + first_line(words);
    return {kind, std::move(reason)};
  }

  static Status take(const PGresult* result, Rows& rows) {
    const int columns = PQnfields(result), count = PQntuples(result);
    if (static_cast<size_t>(count) > kMostRows) {
      return Failure{Failure::Kind::wrong, "its answer is too large"};
    }
    for (int i = 0; i < columns; ++i) rows.columns.emplace_back(PQfname(result, i));
    size_t bytes = 0;
    for (int row = 0; row < count; ++row) {
      rows.rows.emplace_back();
      for (int i = 0; i < columns; ++i) {
        Value value;
        if (PQgetisnull(result, row, i) == 0) {
          value.kind = kind_of(PQftype(result, i));
          value.text = std::string(PQgetvalue(result, row, i),
                                   static_cast<size_t>(PQgetlength(result, row, i)));
          if (value.kind == Value::Kind::boolean) value.text = value.text == "t" ? "true" : "false";
        }
        bytes += value.text.size();
        rows.rows.back().push_back(std::move(value));
      }
    }
    if (bytes > kMostBytes) return Failure{Failure::Kind::wrong, "its answer is too large"};
    const std::string_view changed = PQcmdTuples(const_cast<PGresult*>(result));
    std::from_chars(changed.data(), changed.data() + changed.size(), rows.changed);
    return std::nullopt;
  }

  Access access_;
  const std::atomic<bool>& stop_;
  std::unique_ptr<PGconn, Finish> connection_;
};

}  // namespace

std::unique_ptr<Database> make_postgresql(const Access& access, const std::atomic<bool>& stop) {
  return std::make_unique<PostgreSql>(access, stop);
}

}  // namespace sql
