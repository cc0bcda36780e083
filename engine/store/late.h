// What is not yet in the tables that lookups ask: in memory, shared by the writer and its readers.
#pragma once

#include "store/late_customers.h"
#include "store/late_tables.h"

namespace relance {

struct Late {
  LateTables hashes;
  LateCustomers customers;
};

}  // namespace relance
