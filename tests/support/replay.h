// A store read as history: every customer rebuilt from his entries alone, and compared with what
// the store keeps of him.
#pragma once

#include <catch2/catch.hpp>
#include <map>

#include "core/state/apply.h"
#include "core/state/record.h"
#include "node/stored_customer.h"
#include "store/store.h"

namespace relance::test {

struct History {
  std::map<Key, Customer> customers;
  std::vector<Entry> entries;
  Position next = 1;

  template <class T>
  std::vector<T> records() const {
    std::vector<T> found;
    for (const Entry& entry : entries)
      for (const Record& record : entry.records)
        if (const T* one = std::get_if<T>(&record)) found.push_back(*one);
    return found;
  }
  std::vector<Touch> touches() const {
    std::vector<Touch> all;
    for (const auto& [key, customer] : customers)
      all.insert(all.end(), customer.touches.begin(), customer.touches.end());
    return all;
  }
  size_t live_runs() const {
    size_t count = 0;
    for (const auto& [key, customer] : customers) count += customer.runs.size();
    return count;
  }
};

// Applies every entry of the store. Where an entry is the last one that a snapshot holds, the
// snapshot must be the customer so far, byte for byte.
inline History replay(Store& store) {
  History history;
  const auto reader = store.reader();
  std::map<Key, Snapshot> snapshots;
  REQUIRE(reader->customers([&](const Snapshot& one) {
    if (!one.body.empty()) snapshots[one.customer] = one;
    return true;
  }));
  size_t compared = 0;
  Status decoded;
  REQUIRE(reader->entries(1, UINT64_MAX, [&](const StoredEntry& stored) {
    auto entry = decode_entry(stored.body);
    if (!entry) {
      decoded = entry.error();
      return false;
    }
    Customer& customer = history.customers[stored.customer];
    customer.id = stored.customer;
    apply_entry(customer, *entry, stored.body);
    history.entries.push_back(std::move(*entry));
    history.next = stored.position + 1;
    const auto snapshot = snapshots.find(stored.customer);
    if (snapshot != snapshots.end() && snapshot->second.holds == stored.position) {
      REQUIRE(encode_snapshot(customer) == snapshot->second.body);
      ++compared;
    }
    return true;
  }));
  REQUIRE(decoded);
  REQUIRE(compared == snapshots.size());
  return history;
}

// The same after a clean end, when every customer has his last snapshot.
inline History replay_closed(Store& store) {
  History history = replay(store);
  size_t snapshots = 0;
  const auto reader = store.reader();
  REQUIRE(reader->customers([&](const Snapshot& one) {
    const auto known = history.customers.find(one.customer);
    REQUIRE(known != history.customers.end());
    auto complete_one = complete(*reader, one.customer,
                                 StoredCustomer{one.body, one.last, *one.holds, one.next_due});
    REQUIRE(complete_one);
    REQUIRE(encode_snapshot(known->second) == encode_snapshot(complete_one->customer));
    ++snapshots;
    return true;
  }));
  REQUIRE(snapshots == history.customers.size());
  return history;
}

}  // namespace relance::test
