// Whether every customer, rebuilt from his entries alone, is what the store keeps of him: byte for
// byte. Also beside a running engine.
//
// Threads: as the store's reader. Blocks: reads every entry, customer by customer.
// Fails: with store_corrupt and the first customer who differs, or as the reader.
#pragma once

#include "store/store.h"

namespace relance {

Status check_rebuild(Store& store, const Progress& progress);

}  // namespace relance
