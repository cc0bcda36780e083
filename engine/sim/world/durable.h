// What the disk holds, as its entries alone tell it: read beside every commit, by code that shares
// nothing with the node but apply(). It is the measure for everything that leaves the node.
//
// Copying it copies a state of the disk. Threads: one.
// Fails: with a Violation, as soon as an entry or a snapshot cannot be right.
#pragma once

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "core/state/record.h"
#include "sim/world/story.h"
#include "store/store.h"

namespace relance {

class Durable {
 public:
  struct RunFact {
    Key customer;
    std::string flow;
    Instant ending_since = Instant::never();  // true time
    int ending_in = -1;                       // which life of the process wrote it
    Position ending_at = 0;
  };
  struct TouchFact {
    Key customer;
    Instant told_since;  // true time of the last record about it
    Instant done_since = Instant::never();
    int told_in = -1;  // in which life
    Position told_at = 0;
    size_t number = 0;  // the how manieth intent it is
  };

  // A batch became durable.
  void take(const Batch& batch, Instant now, int life);

  const Customer* customer(const Key& id) const;
  const std::map<Key, Customer>& customers() const { return customers_; }
  const RunFact* run(const Key& id) const;
  const TouchFact* touch(const Key& key) const;
  bool seen(uint64_t event) const { return seen_.contains(event); }
  Position next_position() const { return next_; }
  // As NodeCore::journal_hash().
  std::string journal_hash() const;
  // Snapshots that the store should hold, by customer.
  struct Standing {
    std::string body;
    Position holds = 0, last = 0;  // the body's entry, and the latest that the store knows of
  };
  const std::map<Key, Standing>& snapshots() const { return snapshots_; }
  Position last_of(const Key& customer) const { return last_.at(customer); }

  // What the last batch brought, for whoever follows it.
  struct News {
    std::vector<TouchSettled> settled;  // for good
    std::vector<Entry> entries;
  };
  const News& news() const { return news_; }

 private:
  void take_entry(const NewEntry& entry, Instant now, int life);
  void note(const Key& customer, const Record& record, Position at, Instant now, int life);
  static Position target(const Snapshot& snapshot);
  void compare(const Snapshot& snapshot);

  std::map<Key, Customer> customers_;
  std::map<Key, Position> last_;
  std::map<Key, RunFact> runs_;
  std::unordered_map<Key, TouchFact, KeyHash> touches_;
  std::unordered_set<uint64_t> seen_;
  std::map<Key, Standing> snapshots_;
  Position next_ = 1;
  News news_;
};

}  // namespace relance
