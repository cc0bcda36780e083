#include "node/due_list.h"

#include <catch2/catch.hpp>
#include <map>

#include "node/derived.h"
#include "store/memory_store.h"

using namespace relance;

namespace {

const Instant kNow = *parse_instant("2026-01-05T10:00:00Z");

Key customer(int number) { return derive_key({"customer", std::to_string(number)}); }

// A store with rows, and customers in memory.
struct Shelf {
  Shelf() {
    StoreOptions options;
    options.derive = entry_deriver();
    auto opened = open_memory_store(std::make_shared<MemoryDisk>(), std::move(options));
    store = std::move(*opened);
    reader = store->reader();
  }
  void row(int number, Instant due) {
    Batch batch;
    batch.epoch = store->opened().epoch;
    batch.at = kNow;
    batch.snapshots = {{customer(number), 0, due, "x"}};
    REQUIRE(store->commit(batch) == CommitOutcome::ok);
  }
  void hot_due(int number, Instant due) {
    hot[customer(number)] = due;
    list.add(customer(number), due);
  }
  std::vector<Key> take(Instant now, size_t most = SIZE_MAX) {
    std::vector<Key> due;
    const auto taken = list.take(*reader, now, most, due);
    REQUIRE(taken);
    more = *taken;
    return due;
  }
  Instant next() {
    const auto at = list.next(*reader);
    REQUIRE(at);
    return *at;
  }

  std::unique_ptr<Store> store;
  std::unique_ptr<StoreReader> reader;
  std::map<Key, Instant> hot;
  bool more = false;
  DueList list{0, 0, [this](const Key& key) -> std::optional<Instant> {
                 const auto it = hot.find(key);
                 return it == hot.end() ? std::nullopt : std::optional(it->second);
               }};
};

}  // namespace

TEST_CASE_METHOD(Shelf, "nothing waits in an empty store") {
  CHECK(take(kNow).empty());
  CHECK(next().is_never());
}

TEST_CASE_METHOD(Shelf, "a cold customer is found at his instant, once, however distant") {
  row(1, kNow + days(3));
  CHECK(take(kNow).empty());
  CHECK(next() == kNow + days(3));
  CHECK(take(kNow + days(3)) == std::vector<Key>{customer(1)});
  CHECK(take(kNow + days(3)).empty());
}

TEST_CASE_METHOD(Shelf, "more customers than one page may be due at one instant") {
  for (int i = 0; i < 3000; ++i) row(i, kNow - hours(1));
  CHECK(take(kNow).size() == 3000);
  CHECK(next().is_never());
}

TEST_CASE_METHOD(Shelf, "of those who wait long only the soonest stand in memory") {
  for (int i = 0; i < 12'000; ++i) row(i, kNow + hours(1 + i));
  for (int i = 0; i < 12'000; i += 100) {
    CHECK(take(kNow + hours(1 + i)).back() == customer(i));
    while (!take(kNow + hours(100 + i), 1).empty()) {
    }
    CHECK(list.size() <= 4096);
  }
  CHECK(next().is_never());
}

TEST_CASE_METHOD(Shelf, "a slice leaves the rest for the next one") {
  for (int i = 0; i < 3000; ++i) row(i, kNow);
  std::set<Key> all;
  for (const Key& key : take(kNow, 2000)) all.insert(key);
  CHECK(more);
  CHECK(all.size() == 2000);
  for (const Key& key : take(kNow, 2000)) all.insert(key);
  CHECK_FALSE(more);
  CHECK(all.size() == 3000);
}

TEST_CASE_METHOD(Shelf, "of a customer in memory the row in the store says nothing") {
  row(1, kNow + days(1));
  row(2, kNow + days(2));
  hot_due(1, Instant::never());
  take(kNow);
  CHECK(next() == kNow + days(2));
  hot_due(1, kNow + minutes(1));
  CHECK(next() == kNow + minutes(1));
  hot_due(1, Instant::never());  // his run has ended
  CHECK(next() == kNow + days(2));
}

TEST_CASE_METHOD(Shelf, "a customer who leaves memory is due as his row says") {
  row(2, kNow + days(9));
  hot_due(1, kNow + days(5));
  take(kNow);
  CHECK(next() == kNow + days(5));
  row(1, kNow + days(5));
  hot.erase(customer(1));
  list.left(customer(1), kNow + days(5));
  CHECK(next() == kNow + days(5));
  CHECK(take(kNow + days(5)) == std::vector<Key>{customer(1)});
}

TEST_CASE_METHOD(Shelf, "a customer who leaves memory soon before his instant is due at it") {
  take(kNow);
  hot_due(1, kNow + minutes(5));
  row(1, kNow + minutes(5));
  hot.erase(customer(1));
  list.left(customer(1), kNow + minutes(5));
  CHECK(next() == kNow + minutes(5));
  CHECK(take(kNow + minutes(5)) == std::vector<Key>{customer(1)});
  CHECK(next().is_never());
}

TEST_CASE_METHOD(Shelf,
                 "what was due soon is forgotten once its customer is done, also when he leaves") {
  take(kNow);
  hot_due(1, kNow + minutes(5));
  hot_due(1, Instant::never());
  row(1, Instant::never());
  hot.erase(customer(1));
  list.left(customer(1), Instant::never());
  CHECK(next().is_never());
}

TEST_CASE_METHOD(Shelf, "a customer who is loaded no longer counts as a row") {
  row(1, kNow + days(5));
  take(kNow);
  REQUIRE(next() == kNow + days(5));
  hot_due(1, Instant::never());
  list.loaded(customer(1), kNow + days(5));
  CHECK(next().is_never());
}

TEST_CASE_METHOD(Shelf, "instants that were given up do not pile up") {
  for (int i = 0; i < 20'000; ++i) hot_due(i % 10, kNow + seconds(i));
  CHECK(list.size() < 10'000);
  CHECK(take(kNow + days(1)).size() == 10);
}

TEST_CASE_METHOD(Shelf, "a start finds whoever had something under way") {
  row(1, Instant::beginning());
  row(2, kNow);
  const auto found = list.unfinished(*reader);
  REQUIRE(found);
  CHECK(*found == std::vector<Key>{customer(1)});
}
