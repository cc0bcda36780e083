// A customer as the store keeps him: the body of his snapshot with the entries since applied.
#pragma once

#include "core/state/customer.h"
#include "store/store.h"

namespace relance {

struct LoadedCustomer {
  Customer customer;
  Position last = 0;              // his latest entry
  std::optional<Position> holds;  // his snapshot's body holds the entries up to this one
  uint64_t entries_held = 0;      // and how many those are
};

// Nobody knew him: a customer without history. Fails with store_corrupt, or as the reader does.
Result<LoadedCustomer> complete(StoreReader& reader, const Key& id,
                                const std::optional<StoredCustomer>& stored);

}  // namespace relance
