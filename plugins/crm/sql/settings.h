// The configuration: which database, and the statements by which it is read and written.
//
// Threads: immutable.
#pragma once

#include <relance/connector.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "database.h"

namespace sql {

extern const char* const kSchema;

// A write: all statements in one transaction. The first inserts the key, and where that is there
// already the rest was done with it; each of the others has to change something.
struct Operation {
  std::string name;
  std::vector<Statement> statements;

  bool names_path(std::string_view path) const;
};

struct Settings {
  bool postgresql = false;
  Access access;
  std::vector<Statement> setup;
  std::vector<std::pair<std::string, Statement>> objects;  // "customer" too
  std::vector<std::pair<std::string, Statement>> by;       // customers by another field
  Statement page, lookup;                                  // text empty: none
  std::string first_cursor;
  std::vector<Operation> operations;
  size_t most_waiting = 256;

  const Statement* object(std::string_view name) const;
  const Statement* customer_by(std::string_view field) const;
  const Operation* operation(std::string_view name) const;
};

// `problems`: a line for each mistake.
Settings read_settings(std::string_view config, std::string& problems);

// The operations that are configured, and no others. Threads: any.
const rl_connector_caps* caps_of(std::string_view config);

}  // namespace sql
