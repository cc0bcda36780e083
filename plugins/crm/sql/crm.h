// Customers in tables: what flows ask becomes the configured statements, on the worker's thread.
//
// A write is one transaction, and its key a row with a unique value: once committed it is there to
// be found, before that nothing happened. Only between the request to commit and its answer is an
// outcome unknown. A database that is away is asked again after a pause that grows; meanwhile all
// is NOT_NOW at once. Threads: calls one at a time, operations end on the worker's. Lifetime: the
// settings outlive it.
#pragma once

#include <relance/connector.h>
#include <relance/host.h>

#include <memory>
#include <string>

#include "kit/complete.h"
#include "settings.h"
#include "worker.h"

namespace sql {

class Crm {
 public:
  Crm(const rl_host* host, const Settings& settings);

  void start(rl_op op);
  void read(rl_op op, const rl_read& read);
  void page(rl_op op, const rl_read& read);
  void write(rl_op op, const rl_write& write);
  void lookup(rl_op op, const rl_write& write);

 private:
  // What places are filled from: a JSON object, in text of its own.
  using Scope = std::string;
  using Work = std::function<kit::Outcome()>;

  // Does it on the worker's thread, with the database open, and ends the operation.
  void later(rl_op op, Work work);
  Status open();
  kit::Outcome check();
  kit::Outcome one(const Statement& statement, const Scope& scope);
  kit::Outcome many(const Scope& scope, uint32_t limit);
  kit::Outcome transaction(rl_op op, const Operation& operation, const Scope& scope);
  Status statements(const Operation& operation, const Scope& scope, kit::Outcome& outcome);
  Status run(const Statement& statement, const Scope& scope, Rows& rows);
  kit::Outcome outcome_of(const Failure& failure);
  int64_t now() const { return host_->now(host_); }

  const rl_host* host_;
  const Settings& settings_;
  std::atomic<bool> stop_ = false;
  std::unique_ptr<Database> database_;  // the worker's, as all below
  bool ready_ = false;                  // the setup has run
  int64_t away_until_ = 0, pause_ms_ = 0;
  Worker worker_;  // last: it ends before what it works with
};

}  // namespace sql
