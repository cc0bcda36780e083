// What a shop's store says, and what its provider did: read without the program, and compared.
//
// Threads: one. Fails through Catch2.
#pragma once

#include <map>
#include <set>

#include "scenarios/shop.h"
#include "support/replay.h"

namespace relance::test {

struct Ledger {
  std::set<Key> keys, told;  // told: what the CRM holds of contacts
  size_t doubled = 0;        // of either
};
Ledger read_ledger(const Shop& shop);

std::unique_ptr<Store> look_into(const Shop& shop);  // read only

// What a crash left: everything acknowledged is there, every customer rebuilt from his records is
// his snapshot, the store is whole, and no effect happened twice unless it may.
struct AfterCrash {
  std::set<Key> open;     // touches whose intent is kept, and no outcome
  std::set<Key> on_wire;  // those of them that were begun and not answered, as the crash marks say
};
AfterCrash check_crash(const Shop& shop);

// After a clean end: every event has its run, all runs have ended, what the provider did and what
// the engine believes are the same.
struct Closed {
  size_t effects = 0, doubled = 0, parked = 0;
  std::set<Key> unknown;  // touches whose outcome was unknown after a crash
};
Closed check_closed(const Shop& shop);

}  // namespace relance::test
