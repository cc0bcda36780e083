// What must hold in every store, looked up through its reader alone.
#pragma once

#include "store/store.h"

namespace relance {

struct CheckedStore {
  StoreReader& reader;
  Position next_position = 1;
  const Deriver& derive;
  std::vector<Derived::Address> addresses;
  const Progress& progress;
  Position compacted_to = 0;  // entries before this one may be missing
};

// Positions without a gap up to next_position; each customer's chain without gap or fork; snapshots
// that end at an entry of their customer; every seen hash and reference found; addresses as the
// entries leave them. Reads everything, memory grows with the number of customers. Fails with
// store_corrupt and the first thing found. Entries may be missing at the beginning (retention).
Status check_store(const CheckedStore& store);

}  // namespace relance
