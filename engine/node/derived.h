// What an entry adds to the store's lookup tables.
#pragma once

#include "core/customer/decide.h"
#include "store/store.h"

namespace relance {

Derived derived_of(const Key& customer, const Entry& entry);

// The same from an entry's bytes, for StoreOptions: a store reads its tail again at start.
Deriver entry_deriver();
// What stays of an entry of somebody who is erased (core/state/redact.h), for StoreOptions.
Redactor entry_redactor();

}  // namespace relance
