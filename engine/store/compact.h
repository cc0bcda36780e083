// Old history taken out of a store in a file that no engine has open: of each customer one entry
// stays that says what his old ones add up to, in the place of the last of them.
//
// The work goes in parts, each a transaction that leaves a whole store: what dies in the middle is
// taken up by the next call.
// Threads: one. Blocks: for as long as it takes to rewrite the store. Memory grows with the number
// of customers.
// Fails: as open_store(), store_in_use while an engine has it; store_full where the file cannot be
// written anew beside itself: it is whole then, and as large as before.
#pragma once

#include "store/store.h"

namespace relance {

// The body of one entry for a customer whose old entries these are, oldest first; empty: there is
// nothing to sum up.
using SumUp = std::function<Result<std::string>(const Key& customer,
                                                const std::vector<StoredEntry>& entries)>;

struct Compacted {
  uint64_t entries_removed = 0, customers = 0, bytes_before = 0, bytes_after = 0;
};
// Entries before `before` (those that snapshots still need stay), and the ids of events and touches
// that were only in them.
Result<Compacted> compact_store(const std::string& store, Position before, const SumUp& sum_up,
                                const Deriver& derive, const Progress& progress);

}  // namespace relance
