// Writes to a store as the node does: keeps positions and each customer's last entry, and remembers
// what it wrote, to compare.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store_fixture.h"

namespace relance::store_test {

class Driver {
 public:
  explicit Driver(std::unique_ptr<Store> store) : store_(std::move(store)) { start_batch(); }

  template <class Fixture>
  static Driver open(Fixture& fixture, StoreOptions options = options_for_test()) {
    Result<std::unique_ptr<Store>> store = fixture.open(std::move(options));
    if (!store) FAIL(store.error().text());
    return Driver(std::move(store).value());
  }

  Store& store() { return *store_; }
  Batch& batch() { return batch_; }
  Position next_position() const { return next_; }
  Position last_of(const std::string& customer) const {
    const auto found = last_.find(customer);
    return found == last_.end() ? 0 : found->second;
  }

  // Adds an entry to the batch; its position.
  Position add(const std::string& customer, std::string_view text, Derived derived = {}) {
    NewEntry entry;
    entry.customer = key_of(customer);
    entry.position = next_++;
    entry.previous = last_of(customer);
    entry.body = body_of(derived, text);
    entry.derived = std::move(derived);
    batch_.entries.push_back(std::move(entry));
    last_[customer] = next_ - 1;
    return next_ - 1;
  }

  Position add_event(const std::string& customer, const std::string& event) {
    return add(customer, event, {.seen = {hash_of(event)}, .references = {}, .addresses = {}});
  }

  Position add_touch(const std::string& customer, const std::string& touch) {
    Derived derived;
    derived.references.push_back({hash_of(touch), key_of(customer), key_of(touch)});
    return add(customer, touch, std::move(derived));
  }

  // Keys of snapshots must be sorted; a test gives one at a time, or sorts.
  void add_snapshot(const std::string& customer, Instant next_due, std::string body) {
    batch_.snapshots.push_back({key_of(customer), last_of(customer), next_due, std::move(body)});
  }

  // The body of the entry `holds`, if there is one, stays.
  void add_kept(const std::string& customer, Instant next_due, std::optional<Position> holds) {
    batch_.snapshots.push_back({key_of(customer), last_of(customer), next_due, {}, true, holds});
  }

  CommitOutcome commit() {
    std::sort(batch_.snapshots.begin(), batch_.snapshots.end(),
              [](const Snapshot& a, const Snapshot& b) { return a.customer < b.customer; });
    batch_.at = at_hour(++hour_);
    const CommitOutcome outcome = store_->commit(batch_);
    if (outcome == CommitOutcome::ok) start_batch();
    return outcome;
  }

  // Entries that add nothing, to drive merges on.
  void commit_plain(int count) {
    for (int i = 0; i < count; ++i) {
      add("filler", "nothing");
      REQUIRE(commit() == CommitOutcome::ok);
    }
  }

  // The process dies and another opens the same store; it knows the chains as one that loaded all.
  template <class Fixture>
  void reopen(Fixture& fixture, StoreOptions options = options_for_test()) {
    store_.reset();
    Result<std::unique_ptr<Store>> store = fixture.open(std::move(options));
    if (!store) FAIL(store.error().text());
    store_ = std::move(store).value();
    next_ = store_->opened().next_position;
    start_batch();
  }

 private:
  void start_batch() {
    batch_ = {};
    batch_.epoch = store_->opened().epoch;
    next_ = std::max(next_, store_->opened().next_position);
  }

  std::unique_ptr<Store> store_;
  Batch batch_;
  Position next_ = 1;
  int64_t hour_ = 0;
  std::map<std::string, Position> last_;
};

struct ReadEntry {
  Key customer;
  Position position = 0, previous = 0;
  std::string body;
};

inline std::vector<ReadEntry> read_entries(StoreReader& reader, Position from, Position to) {
  std::vector<ReadEntry> found;
  const Status status = reader.entries(from, to, [&](const StoredEntry& entry) {
    found.push_back({entry.customer, entry.position, entry.previous, std::string(entry.body)});
    return true;
  });
  if (!status) FAIL(status.error().text());
  return found;
}

inline std::vector<Position> read_chain(StoreReader& reader, Position last) {
  std::vector<Position> found;
  const Status status = reader.walk_back(last, [&](const StoredEntry& entry) {
    found.push_back(entry.position);
    return true;
  });
  if (!status) FAIL(status.error().text());
  return found;
}

inline std::optional<StoredCustomer> load_one(StoreReader& reader, const std::string& customer) {
  const Key key = key_of(customer);
  auto loaded = reader.load({&key, 1});
  if (!loaded) FAIL(loaded.error().text());
  REQUIRE(loaded->size() == 1);
  return loaded->front();
}

inline bool seen(StoreReader& reader, const std::string& event) {
  Result<bool> answer = reader.seen(hash_of(event));
  if (!answer) FAIL(answer.error().text());
  return *answer;
}

inline std::optional<Derived::Reference> find_touch(StoreReader& reader, const std::string& touch) {
  auto answer = reader.reference(hash_of(touch));
  if (!answer) FAIL(answer.error().text());
  return *answer;
}

inline std::map<uint64_t, std::string> read_addresses(Store& store) {
  std::map<uint64_t, std::string> found;
  const Status status = store.addresses(
      [&](const Derived::Address& address) { found[address.hash] = address.state; });
  if (!status) FAIL(status.error().text());
  return found;
}

inline void require_whole(Store& store) {
  const Status status = store.check();
  if (!status) FAIL(status.error().text());
}

}  // namespace relance::store_test
