// The prepared statements of the writing connection (sqlite_store.h).
#pragma once

#include "store/sqlite_store.h"

namespace relance {

struct SqliteStore::Statements {
  explicit Statements(Connection& connection);

  MetaUpdate meta;
  Statement record, seen, reference, address, lift, source, generation;
  Statement entry, rewrite, erased;
};

}  // namespace relance
