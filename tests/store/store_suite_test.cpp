// The suite that every store must pass, whatever it keeps its entries in: what was written is read
// back. (store_life_test.cpp: openings, crashes and refusals.)

#include <algorithm>

#include "store_driver.h"

namespace relance::store_test {
namespace {

STORE_TEST("what was appended is read back in order, with its customer and its chain") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  driver.add("ann", "a1");
  driver.add("bob", "b1");
  driver.add("ann", std::string("a2\0with a zero", 14));
  REQUIRE(driver.commit() == CommitOutcome::ok);
  driver.add("ann", "");
  REQUIRE(driver.commit() == CommitOutcome::ok);

  const auto reader = driver.store().reader();
  const auto all = read_entries(*reader, 1, driver.next_position());
  REQUIRE(all.size() == 4);
  for (size_t i = 0; i < all.size(); ++i) CHECK(all[i].position == i + 1);
  CHECK(all[0].customer == key_of("ann"));
  CHECK(all[1].customer == key_of("bob"));
  CHECK(all[0].previous == 0);
  CHECK(all[1].previous == 0);
  CHECK(all[2].previous == 1);
  CHECK(all[3].previous == 3);
  CHECK(all[2].body == body_of({}, std::string_view("a2\0with a zero", 14)));

  const auto middle = read_entries(*reader, 2, 4);
  REQUIRE(middle.size() == 2);
  CHECK(middle[0].position == 2);
  CHECK(read_entries(*reader, 5, UINT64_MAX).empty());
  CHECK(driver.store().statistics().entries == 4);
}

STORE_TEST("a visit ends when the visitor says so") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  driver.commit_plain(5);
  const auto reader = driver.store().reader();
  int visited = 0;
  const auto two = [&](const StoredEntry&) { return ++visited < 2; };
  REQUIRE(reader->entries(1, 6, two));
  CHECK(visited == 2);
  visited = 0;
  REQUIRE(reader->walk_back(5, two));
  CHECK(visited == 2);
  CHECK(read_entries(*reader, 1, 6).size() == 5);
}

STORE_TEST("a visitor may ask the reader other things on its way") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  for (int i = 0; i < 400; ++i) driver.add_touch("ann", "touch " + std::to_string(i));
  driver.add_snapshot("ann", at_hour(1), "ann");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  const auto reader = driver.store().reader();
  Position expected = 1;
  REQUIRE(reader->entries(1, UINT64_MAX, [&](const StoredEntry& entry) {
    CHECK(entry.position == expected++);
    const std::string before(entry.body);
    CHECK(load_one(*reader, "ann")->last == 400);
    CHECK(reader->due(0, 0, at_hour(2), 9).value().size() == 1);
    CHECK(find_touch(*reader, "touch 7"));
    CHECK_FALSE(seen(*reader, "nothing"));
    CHECK(read_chain(*reader, 3).size() == 3);
    CHECK(entry.body == before);
    return true;
  }));
  CHECK(expected == 401);
}

STORE_TEST("a customer's chain is walked back over batches and openings") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  std::vector<Position> anns;
  for (int i = 0; i < 20; ++i) {
    if (i % 3 == 0) anns.push_back(driver.add("ann", "a"));
    driver.add("bob", "b");
    if (i % 4 == 0) REQUIRE(driver.commit() == CommitOutcome::ok);
    if (i == 12) driver.reopen(fixture);
  }
  REQUIRE(driver.commit() == CommitOutcome::ok);
  std::reverse(anns.begin(), anns.end());
  const auto reader = driver.store().reader();
  CHECK(read_chain(*reader, driver.last_of("ann")) == anns);
  CHECK(read_chain(*reader, 0).empty());
  CHECK_FALSE(reader->walk_back(driver.next_position(), [](const StoredEntry&) { return true; }));
  require_whole(driver.store());
}

STORE_TEST("a reader sees what was committed before it is asked") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  const auto reader = driver.store().reader();
  CHECK_FALSE(seen(*reader, "e1"));
  driver.add_event("ann", "e1");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  CHECK(seen(*reader, "e1"));
  CHECK(read_entries(*reader, 1, 10).size() == 1);
}

STORE_TEST("a customer is loaded as last snapshotted, and forgotten with an empty snapshot") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  driver.add("ann", "a1");
  driver.add("bob", "b1");
  driver.add_snapshot("ann", Instant::never(), "ann at 1");
  driver.add_snapshot("bob", at_hour(9), "bob at 2");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  driver.add("ann", "a2");
  driver.add_snapshot("ann", at_hour(5), std::string("ann\0at 3", 8));
  REQUIRE(driver.commit() == CommitOutcome::ok);

  const auto reader = driver.store().reader();
  const auto ann = load_one(*reader, "ann");
  REQUIRE(ann);
  CHECK(ann->snapshot == std::string("ann\0at 3", 8));
  CHECK(ann->last == 3);
  CHECK_FALSE(load_one(*reader, "carl"));

  std::vector<Key> keys = {key_of("ann"), key_of("bob"), key_of("carl")};
  std::sort(keys.begin(), keys.end());
  const auto loaded = reader->load(keys);
  REQUIRE(loaded);
  REQUIRE(loaded->size() == 3);
  for (size_t i = 0; i < 3; ++i) CHECK((*loaded)[i].has_value() == (keys[i] != key_of("carl")));

  std::vector<Snapshot> all;
  REQUIRE(reader->customers([&](const Snapshot& snapshot) {
    all.push_back(snapshot);
    return true;
  }));
  REQUIRE(all.size() == 2);
  CHECK(all[0].customer < all[1].customer);
  CHECK(all[all[0].customer == key_of("ann") ? 0 : 1].next_due == at_hour(5));

  driver.add("bob", "forgotten");
  driver.add_snapshot("bob", Instant::never(), "");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  CHECK_FALSE(load_one(*reader, "bob"));
  driver.reopen(fixture);
  CHECK_FALSE(load_one(*driver.store().reader(), "bob"));
  CHECK(load_one(*driver.store().reader(), "ann")->last == 3);
  require_whole(driver.store());
}

STORE_TEST("a body may be kept while the customer goes on") {
  TestType fixture;
  Driver driver = Driver::open(fixture, merging_at_once());
  driver.add("ann", "a1");
  driver.add_kept("ann", at_hour(5), std::nullopt);  // none was ever written
  REQUIRE(driver.commit() == CommitOutcome::ok);
  const auto before = load_one(*driver.store().reader(), "ann");
  REQUIRE(before);
  CHECK(before->snapshot.empty());
  CHECK(before->last == 1);
  CHECK(before->next_due == at_hour(5));
  driver.add("ann", "a2");
  driver.add_snapshot("ann", Instant::never(), "ann at 2");
  driver.add("bob", "b1");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  driver.add("ann", "a3");
  driver.add_kept("ann", at_hour(7), 2);
  REQUIRE(driver.commit() == CommitOutcome::ok);
  const auto check = [&] {
    const auto reader = driver.store().reader();
    const auto ann = load_one(*reader, "ann");
    REQUIRE(ann);
    CHECK(ann->snapshot == "ann at 2");
    CHECK(ann->holds == 2);
    CHECK(ann->last == 4);
    const auto due = reader->due(0, 0, at_hour(9), 10);
    REQUIRE(due);
    REQUIRE(due->size() == 1);
    CHECK(due->front().next_due == at_hour(7));
  };
  check();
  driver.commit_plain(4);
  check();
  driver.reopen(fixture);
  check();
  require_whole(driver.store());
}

// Each is written again and again, some of them rarely: what is dead is taken away, nobody is lost.
STORE_TEST("snapshots without number are each found as last written") {
  constexpr int kCustomers = 400, kRounds = 120;
  TestType fixture;
  StoreOptions options = options_for_test();
  options.late_customers = 150;
  Driver driver = Driver::open(fixture, options);
  std::map<std::string, std::string> expected;
  const auto check = [&] {
    const auto reader = driver.store().reader();
    for (const auto& [name, body] : expected) {
      const auto stored = load_one(*reader, name);
      REQUIRE(stored);
      REQUIRE(stored->snapshot == body);
      REQUIRE(stored->last == driver.last_of(name));
    }
    size_t visited = 0;
    REQUIRE(reader->customers([&](const Snapshot& one) {
      ++visited;
      return !one.body.empty();
    }));
    CHECK(visited == expected.size());
  };
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < kCustomers; ++i) {
      if (round % (1 + i % 7) != 0) continue;
      const std::string name = "c" + std::to_string(i);
      driver.add(name, "x");
      const std::string body = name + " in " + std::to_string(round) + std::string(200, '.');
      driver.add_snapshot(name, at_hour(1 + i % 5), expected[name] = body);
    }
    REQUIRE(driver.commit() == CommitOutcome::ok);
    if (round % 40 == 20) check();
    if (round % 40 == 30) driver.reopen(fixture, options);
  }
  check();
  driver.reopen(fixture, options);
  check();
  require_whole(driver.store());
  if (const uint64_t bytes = driver.store().statistics().bytes_on_disk; bytes > 0)
    CHECK(bytes < 8'000'000);  // 20,000 bodies would not fit
}

STORE_TEST("who is due comes soonest first, within a range, page by page") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  std::vector<std::pair<Instant, Key>> expected;
  for (int i = 0; i < 60; ++i) {
    const std::string name = "c" + std::to_string(i);
    driver.add(name, "x");
    const Instant due = i % 6 == 0 ? Instant::never() : at_hour(i % 4);
    driver.add_snapshot(name, due, "state");
    if (!due.is_never()) expected.emplace_back(due, key_of(name));
  }
  REQUIRE(driver.commit() == CommitOutcome::ok);
  std::sort(expected.begin(), expected.end());
  const auto reader = driver.store().reader();

  std::vector<std::pair<Instant, Key>> paged;
  for (DueCustomer after;;) {
    const auto page = reader->due(0, 0, at_hour(3), 7, after);
    REQUIRE(page);
    for (const DueCustomer& due : *page) paged.emplace_back(due.next_due, due.customer);
    if (page->size() < 7) break;
    after = page->back();
  }
  CHECK(paged == expected);

  const uint64_t middle = 1ull << 63;
  const auto low = reader->due(0, middle, at_hour(3), 100);
  const auto high = reader->due(middle, 0, at_hour(3), 100);
  REQUIRE((low && high));
  CHECK(low->size() + high->size() == expected.size());
  for (const DueCustomer& due : *low) CHECK(due.customer.high() < middle);
  for (const DueCustomer& due : *high) CHECK(due.customer.high() >= middle);

  const auto early = reader->due(0, 0, at_hour(0), 100);
  REQUIRE(early);
  CHECK(early->size() ==
        static_cast<size_t>(std::count_if(expected.begin(), expected.end(), [](const auto& due) {
          return due.first == at_hour(0);
        })));
}

STORE_TEST("who is no longer due is not found at his old instant") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  for (const Instant due : {at_hour(1), at_hour(2), Instant::never()}) {
    driver.add("ann", "x");
    driver.add_snapshot("ann", due, "state");
    REQUIRE(driver.commit() == CommitOutcome::ok);
    const auto found = driver.store().reader()->due(0, 0, at_hour(9), 10);
    REQUIRE(found);
    CHECK(found->size() == (due.is_never() ? 0 : 1));
    if (!found->empty()) CHECK(found->front().next_due == due);
  }
}

STORE_TEST("events and touches are found before, during and after their merge") {
  TestType fixture;
  Driver driver = Driver::open(fixture, merging_at_once());
  const auto reader = driver.store().reader();
  for (int i = 0; i < 300; ++i) {
    const std::string number = std::to_string(i);
    driver.add_event("ann", "event " + number);
    driver.add_touch("ann", "touch " + number);
    if (i % 40 == 0) REQUIRE(driver.commit() == CommitOutcome::ok);
    if (i % 40 != 0) continue;
    for (int k = 0; k <= i; k += 17) {
      CHECK(seen(*reader, "event " + std::to_string(k)));
      const auto touch = find_touch(*reader, "touch " + std::to_string(k));
      REQUIRE(touch);
      CHECK(touch->customer == key_of("ann"));
      CHECK(touch->touch == key_of("touch " + std::to_string(k)));
    }
  }
  REQUIRE(driver.commit() == CommitOutcome::ok);
  driver.commit_plain(100);
  CHECK(driver.store().statistics().late_waiting == 0);
  CHECK_FALSE(seen(*reader, "event 300"));
  CHECK_FALSE(find_touch(*reader, "touch 300"));
  require_whole(driver.store());
}

STORE_TEST("what was not merged when the process died is found again") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  for (int i = 0; i < 50; ++i) {
    driver.add_event("ann", "event " + std::to_string(i));
    driver.add_touch("ann", "touch " + std::to_string(i));
  }
  REQUIRE(driver.commit() == CommitOutcome::ok);
  driver.reopen(fixture, merging_at_once());
  const auto before = driver.store().reader();
  CHECK(seen(*before, "event 49"));
  CHECK(find_touch(*before, "touch 0"));
  driver.commit_plain(60);
  driver.reopen(fixture);
  CHECK(driver.store().statistics().late_waiting == 0);
  const auto after = driver.store().reader();
  CHECK(seen(*after, "event 0"));
  CHECK(find_touch(*after, "touch 49"));
  require_whole(driver.store());
}

STORE_TEST("the last owner of a reference holds, merged or not") {
  TestType fixture;
  Driver driver = Driver::open(fixture, merging_at_once());
  driver.add_touch("ann", "number");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  driver.commit_plain(3);
  driver.add_touch("bob", "number");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  CHECK(find_touch(*driver.store().reader(), "number")->customer == key_of("bob"));
  driver.commit_plain(3);
  driver.reopen(fixture);
  CHECK(find_touch(*driver.store().reader(), "number")->customer == key_of("bob"));
}

STORE_TEST("suppressed addresses are known until they are lifted") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  const auto suppress = [&](const std::string& address, const std::string& state) {
    Derived derived;
    derived.addresses.push_back({hash_of(address), state});
    driver.add("ann", "address", std::move(derived));
  };
  suppress("mail", "bounced");
  suppress("phone", "stop");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  suppress("mail", "complained");
  suppress("phone", "");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  const std::map<uint64_t, std::string> expected = {{hash_of("mail"), "complained"}};
  CHECK(read_addresses(driver.store()) == expected);
  driver.reopen(fixture);
  CHECK(read_addresses(driver.store()) == expected);
  require_whole(driver.store());
}

STORE_TEST("sources are kept by content, generations newest first") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  driver.batch().sources = {{"aa", "return 1"}, {"bb", std::string("x\0y", 3)}};
  driver.batch().generation = {1, at_hour(1), "ann", "first", "{}"};
  REQUIRE(driver.commit() == CommitOutcome::ok);
  driver.batch().sources = {{"aa", "return 1"}};
  driver.batch().generation = {2, at_hour(2), "bob", "softer mail", R"({"flows":{}})"};
  REQUIRE(driver.commit() == CommitOutcome::ok);
  driver.reopen(fixture);

  const auto reader = driver.store().reader();
  CHECK(reader->source("aa").value() == std::optional<std::string>("return 1"));
  CHECK(reader->source("bb").value() == std::optional<std::string>(std::string("x\0y", 3)));
  CHECK(reader->source("cc").value() == std::nullopt);
  const auto generations = reader->generations();
  REQUIRE(generations);
  REQUIRE(generations->size() == 2);
  CHECK((*generations)[0].number == 2);
  CHECK((*generations)[0].author == "bob");
  CHECK((*generations)[0].manifest == R"({"flows":{}})");
  CHECK((*generations)[1].reason == "first");
  CHECK((*generations)[1].at == at_hour(1));
}

}  // namespace
}  // namespace relance::store_test
