#include "store/late_tables.h"

#include <set>

#include "store_fixture.h"

namespace relance::store_test {
namespace {

Derived event_and_touch(int n) {
  const std::string number = std::to_string(n);
  Derived derived;
  derived.seen.push_back(hash_of("event " + number));
  derived.references.push_back({hash_of("touch " + number), key_of("c"), key_of("t" + number)});
  return derived;
}

TEST_CASE("a flat table keeps the last value of each hash, in the order of hashes", "[store]") {
  FlatTable<int> table;
  CHECK(table.find(7) == nullptr);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 5'000; ++i) table.assign(hash_of(std::to_string(i)), i + round);
  }
  table.assign(0, -1);
  table.assign(UINT64_MAX, -2);
  CHECK(table.size() == 5'002);
  for (int i = 0; i < 5'000; ++i) {
    const int* found = table.find(hash_of(std::to_string(i)));
    REQUIRE(found != nullptr);
    CHECK(*found == i + 1);
  }
  CHECK(*table.find(0) == -1);
  CHECK(*table.find(UINT64_MAX) == -2);
  CHECK(table.find(hash_of("absent")) == nullptr);
}

TEST_CASE("slices cover a closed generation once, each in rising order", "[store]") {
  LateTables late;
  for (int i = 0; i < 1'000; ++i) late.add(event_and_touch(i), static_cast<Position>(i + 1));
  late.close(1'001);
  late.add(event_and_touch(1'000), 1'001);
  CHECK(late.waiting() == 2'002);

  std::set<uint64_t> seen, references;
  for (int slices = 0; late.closed(); ++slices) {
    REQUIRE(slices < 200);
    const LateTables::Slice first = late.next_slice(37);
    const LateTables::Slice& again = late.next_slice(37);
    CHECK(first.seen.size() + first.references.size() ==
          again.seen.size() + again.references.size());
    uint64_t last = 0;
    for (const auto& slot : again.seen) {
      CHECK(slot.hash > last);
      CHECK(seen.insert(slot.hash).second);
      last = slot.hash;
    }
    for (const auto& slot : again.references) CHECK(references.insert(slot.hash).second);
    if (again.last) CHECK(again.complete_to == 1'001);
    CHECK(late.seen(hash_of("event 999")) == Position{1'000});
    late.slice_written();
  }
  CHECK(seen.size() == 1'000);
  CHECK(references.size() == 1'000);
  CHECK_FALSE(late.seen(hash_of("event 999")));
  CHECK(late.reference(hash_of("touch 1000")) == Position{1'001});
  CHECK(late.next_slice(10).empty());
}

TEST_CASE("an empty generation is complete with its first slice", "[store]") {
  LateTables late;
  late.close(5);
  const LateTables::Slice& slice = late.next_slice(10);
  CHECK(slice.last);
  CHECK_FALSE(slice.empty());
  late.slice_written();
  CHECK_FALSE(late.closed());
}

}  // namespace
}  // namespace relance::store_test
