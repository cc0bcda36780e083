// Retention: how far back a store's history is kept record by record. What is older is summed up in
// one base record a customer (core/state/record.h): runs under way, the ledger that rules look back
// at, consents and memory stay; the single steps on the way there go.
//
// Threads, blocks, fails: as store/compact.h; with usage where less would be kept than ids of
// events and answers of providers are waited for.
#pragma once

#include "store/compact.h"

namespace relance {

inline constexpr Duration kLeastHistory = days(35);

// `keep`: back from the last commit.
Result<Compacted> compact_history(const std::string& store, Duration keep,
                                  const Progress& progress);

}  // namespace relance
