#include "crm.h"

#include <algorithm>

#include "kit/local_time.h"
#include "rows.h"

namespace sql {
namespace {

constexpr int64_t kFirstPauseMs = 1'000, kLongestPauseMs = 30'000;
constexpr int64_t kSoonMs = 1'000;
constexpr int64_t kWrongMs = 60'000;  // until somebody has looked at the statement
constexpr uint32_t kUsualPage = 500;

std::string scope_of(const rl_write& write) {
  const auto object = [](rl_str json) {
    const std::string_view text = kit::view(json);
    return text.empty() ? std::string_view("{}") : text;
  };
  return kit::Object()
      .text("key", kit::view(write.key_text))
      .text("operation", kit::view(write.operation))
      .text("customer", kit::view(write.customer))
      .text("at", kit::format_instant(write.intended_at))
      .integer("at_ms", write.intended_at)
      .raw("data", object(write.data))
      .raw("only_if", object(write.only_if))
      .close();
}

}  // namespace

Crm::Crm(const rl_host* host, const Settings& settings)
    : host_(host),
      settings_(settings),
      database_(settings.postgresql ? make_postgresql(settings.access, stop_)
                                    : make_sqlite(settings.access, stop_)),
      worker_(settings.most_waiting, stop_) {}

void Crm::later(rl_op op, Work work) {
  const bool taken = worker_.add([this, op, work = std::move(work)] {
    auto failure = open();
    kit::finish(host_, op, failure ? outcome_of(*failure) : work());
  });
  if (!taken) {
    kit::finish(host_, op,
                {.status = RL_NOT_NOW,
                 .reason = "too much waits for the database",
                 .again_at = now() + kSoonMs,
                 .again_scope = RL_SCOPE_CHANNEL});
  }
}

Status Crm::open() {
  if (now() < away_until_) return Failure{Failure::Kind::gone, "the database is away"};
  if (auto failure = database_->open()) return failure;
  pause_ms_ = 0;
  if (ready_) return std::nullopt;
  for (const Statement& statement : settings_.setup) {
    Rows rows;
    if (auto failure = database_->run(statement, {}, rows)) return failure;
  }
  ready_ = true;
  return std::nullopt;
}

// Every statement is looked at by the database itself before the first customer needs it. One that
// is away is no reason not to start.
void Crm::start(rl_op op) {
  const bool taken = worker_.add([this, op] {
    const auto failure = open();
    const bool away = failure && failure->kind == Failure::Kind::gone && settings_.postgresql;
    kit::Outcome outcome =
        failure ? kit::Outcome{.status = RL_FAILED, .reason = failure->reason} : check();
    if (away) outcome = {};
    kit::finish(host_, op, outcome);
  });
  if (!taken) kit::finish(host_, op, {});
}

kit::Outcome Crm::check() {
  std::vector<std::pair<std::string, const Statement*>> all;
  for (const auto& [name, statement] : settings_.objects) all.emplace_back(name, &statement);
  for (const auto& [field, statement] : settings_.by) all.emplace_back("by " + field, &statement);
  all.emplace_back("page", &settings_.page);
  all.emplace_back("lookup", &settings_.lookup);
  for (const Operation& operation : settings_.operations) {
    for (const Statement& one : operation.statements) all.emplace_back(operation.name, &one);
  }
  for (const auto& [name, statement] : all) {
    if (statement->text.empty()) continue;
    const auto failure = database_->check(*statement);
    if (failure && failure->kind == Failure::Kind::wrong) {
      return {.status = RL_FAILED, .reason = name + ": " + failure->reason};
    }
  }
  return {};
}

void Crm::read(rl_op op, const rl_read& read) {
  const std::string_view what = kit::view(read.what), by = kit::view(read.by);
  const bool by_id = by.empty() || by == "id";
  const Statement* statement = by_id                ? settings_.object(what)
                               : what == "customer" ? settings_.customer_by(by)
                                                    : nullptr;
  if (statement == nullptr) {
    const bool no_way = !by_id && settings_.object(what) != nullptr;
    return kit::finish(host_, op,
                       {.status = uint32_t{no_way ? RL_FAILED : RL_ABSENT},
                        .reason = no_way ? "no statement reads by that field" : "no_such_object"});
  }
  const std::string_view value = kit::view(read.value);
  const Scope scope = kit::Object().text("id", value).text("value", value).close();
  later(op, [=, this] { return one(*statement, scope); });
}

void Crm::page(rl_op op, const rl_read& read) {
  if (settings_.page.text.empty()) {
    return kit::finish(host_, op, {.status = RL_FAILED, .reason = "there is no statement 'page'"});
  }
  const kit::Json query(kit::view(read.query));
  const std::string_view cursor = kit::view(read.cursor);
  const uint32_t limit = std::min<uint32_t>(read.limit == 0 ? kUsualPage : read.limit, kMostRows);
  const Scope scope = kit::Object()
                          .text("cursor", cursor.empty() ? settings_.first_cursor : cursor)
                          .integer("limit", limit)
                          .value("query", *query.root())
                          .close();
  later(op, [=, this] { return many(scope, limit); });
}

void Crm::write(rl_op op, const rl_write& write) {
  const Operation* operation = settings_.operation(kit::view(write.operation));
  if (operation == nullptr) {
    return kit::finish(host_, op, {.status = RL_FAILED, .reason = "no_such_operation"});
  }
  const kit::Json only_if(kit::view(write.only_if));
  for (const auto& [name, value] : only_if.root()->GetObject()) {
    if (operation->names_path("only_if." + std::string(kit::view(name)))) continue;
    return kit::finish(
        host_, op,
        {.status = RL_FAILED,
         .reason = "no statement looks at :only_if." + std::string(kit::view(name))});
  }
  later(op, [=, this, scope = scope_of(write)] { return transaction(op, *operation, scope); });
}

void Crm::lookup(rl_op op, const rl_write& write) {
  if (settings_.lookup.text.empty()) {
    return kit::finish(host_, op, {.status = RL_NOT_NOW, .reason = "there is no 'lookup'"});
  }
  later(op, [=, this, scope = scope_of(write)] { return one(settings_.lookup, scope); });
}

Status Crm::run(const Statement& statement, const Scope& scope, Rows& rows) {
  const kit::Json json(scope);
  std::string problem;
  const std::vector<Value> values = values_for(statement, json.root(), problem);
  if (!problem.empty()) return Failure{Failure::Kind::data, problem};
  return database_->run(statement, values, rows);
}

kit::Outcome Crm::one(const Statement& statement, const Scope& scope) {
  Rows rows;
  if (auto failure = run(statement, scope, rows)) return outcome_of(*failure);
  if (rows.rows.empty()) return {.status = RL_ABSENT, .reason = "no_record"};
  // Which of them it is must not be guessed: the next word may go to the wrong person.
  if (rows.rows.size() > 1) return {.status = RL_FAILED, .reason = "several"};
  return {.data = record_of(rows, 0)};
}

kit::Outcome Crm::many(const Scope& scope, uint32_t limit) {
  Rows rows;
  if (auto failure = run(settings_.page, scope, rows)) return outcome_of(*failure);
  std::string items, last;
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    if (i > 0) items += ',';
    items += record_of(rows, i);
    last = column(rows, i, "id");
  }
  if (!rows.rows.empty() && last.empty()) {
    return outcome_of({Failure::Kind::wrong, "'page' gives no column 'id'"});
  }
  kit::Object page;
  page.raw("items", "[" + items + "]");
  if (rows.rows.size() >= limit) page.text("cursor", last);
  return {.data = page.close()};
}

kit::Outcome Crm::transaction(rl_op op, const Operation& operation, const Scope& scope) {
  if (auto failure = database_->begin()) return outcome_of(*failure);
  kit::Outcome outcome;
  if (auto failure = statements(operation, scope, outcome)) {
    database_->roll_back();
    return outcome_of(*failure);
  }
  if (outcome.status != RL_DONE) {
    database_->roll_back();
    return outcome;
  }
  host_->effect(host_, op, RL_MAYBE);
  const auto failure = database_->commit();
  if (!failure) {
    host_->effect(host_, op, RL_ANSWERED);
    return outcome;
  }
  kit::Outcome ended = outcome_of(*failure);
  if (failure->kind == Failure::Kind::gone) {
    ended = {.status = RL_UNKNOWN, .reason = "the connection was lost while it committed"};
  } else {
    host_->effect(host_, op, RL_ANSWERED);  // it said no: nothing happened
  }
  return ended;
}

Status Crm::statements(const Operation& operation, const Scope& scope, kit::Outcome& outcome) {
  bool first = true;
  for (const Statement& statement : operation.statements) {
    Rows rows;
    if (auto failure = run(statement, scope, rows)) return failure;
    if (rows.changed == 0 && rows.rows.empty()) {
      outcome.reason = first ? "already" : "nothing has these values";
      if (!first) outcome.status = RL_REFUSED;
      return std::nullopt;
    }
    if (!rows.rows.empty()) outcome.data = record_of(rows, 0);
    first = false;
  }
  return std::nullopt;
}

kit::Outcome Crm::outcome_of(const Failure& failure) {
  switch (failure.kind) {
    case Failure::Kind::refused: return {.status = RL_REFUSED, .reason = failure.reason};
    case Failure::Kind::data: return {.status = RL_FAILED, .reason = failure.reason};
    case Failure::Kind::later:
      return {.status = RL_NOT_NOW, .reason = failure.reason, .again_at = now() + kSoonMs};
    case Failure::Kind::gone:
      if (now() >= away_until_) {
        pause_ms_ = std::clamp(pause_ms_ * 2, kFirstPauseMs, kLongestPauseMs);
        away_until_ = now() + pause_ms_;
      }
      return {.status = RL_NOT_NOW,
              .reason = failure.reason,
              .again_at = away_until_,
              .again_scope = RL_SCOPE_CHANNEL};
    case Failure::Kind::wrong: break;
  }
  host_->log(host_, RL_LOG_ERROR, kit::str(failure.reason));
  return {.status = RL_NOT_NOW,
          .reason = failure.reason,
          .again_at = now() + kWrongMs,
          .again_scope = RL_SCOPE_CHANNEL};
}

}  // namespace sql
