// The suite that every store must pass, whatever it keeps its entries in: openings, crashes, other
// writers, other readers, and what check() finds.

#include <atomic>
#include <future>

#include "store_driver.h"

namespace relance::store_test {
namespace {

STORE_TEST("a new store is empty and knows its installation") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  const Opened& opened = driver.store().opened();
  CHECK(opened.created);
  CHECK(opened.installation.size() == 32);
  CHECK(opened.epoch == 1);
  CHECK(opened.next_position == 1);
  CHECK(opened.horizon == 1);
  CHECK(opened.last_commit_at == Instant::beginning());
  CHECK_FALSE(opened.went_back);
  CHECK(read_entries(*driver.store().reader(), 1, UINT64_MAX).empty());
  require_whole(driver.store());

  const std::string installation = opened.installation;
  driver.reopen(fixture);
  CHECK(driver.store().opened().installation == installation);
  CHECK_FALSE(driver.store().opened().created);
  CHECK(driver.store().opened().epoch == 2);
}

STORE_TEST("the horizon of the next opening is what snapshots were complete to") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  driver.add("ann", "a1");
  driver.add("bob", "b1");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  driver.add("ann", "a2");
  driver.add_snapshot("ann", Instant::never(), "ann at 3");
  driver.batch().snapshots_complete_to = 2;
  REQUIRE(driver.commit() == CommitOutcome::ok);
  CHECK(driver.store().opened().horizon == 1);

  driver.reopen(fixture);
  CHECK(driver.store().opened().horizon == 2);
  CHECK(driver.store().opened().next_position == 4);
  CHECK(driver.store().opened().last_commit_at == at_hour(2));
  const auto tail = read_entries(*driver.store().reader(), 2, 4);
  REQUIRE(tail.size() == 2);
  CHECK(tail[0].customer == key_of("bob"));

  driver.batch().snapshots_complete_to = 1;  // never moves back
  REQUIRE(driver.commit() == CommitOutcome::ok);
  driver.reopen(fixture);
  CHECK(driver.store().opened().horizon == 2);
}

STORE_TEST("a crash after any commit loses nothing that was answered ok") {
  TestType fixture;
  Driver driver = Driver::open(fixture, merging_at_once());
  for (int i = 1; i <= 12; ++i) {
    const std::string number = std::to_string(i);
    driver.add_event("ann", "event " + number);
    driver.add_touch("bob", "touch " + number);
    driver.add_snapshot("ann", at_hour(i), "ann " + number);
    if (i % 3 == 0) driver.batch().snapshots_complete_to = driver.last_of("bob");
    REQUIRE(driver.commit() == CommitOutcome::ok);
    if (i % 4 == 0) REQUIRE(driver.store().maintain());

    const auto crashed = fixture.crash_copy();
    Driver again = Driver::open(*crashed);
    const Opened& opened = again.store().opened();
    CHECK(opened.next_position == static_cast<Position>(2 * i + 1));
    CHECK(opened.epoch == 2);
    CHECK(opened.horizon == (i < 3 ? 1 : static_cast<Position>(i / 3 * 6)));
    CHECK(opened.last_commit_at == at_hour(i));
    const auto reader = again.store().reader();
    for (int k = 1; k <= i; ++k) {
      CHECK(seen(*reader, "event " + std::to_string(k)));
      CHECK(find_touch(*reader, "touch " + std::to_string(k)));
    }
    CHECK_FALSE(seen(*reader, "event " + std::to_string(i + 1)));
    CHECK(load_one(*reader, "ann")->snapshot == "ann " + number);
    require_whole(again.store());
  }
}

STORE_TEST("a second writer is refused while the first lives") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  const auto second = fixture.open(options_for_test());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Code::store_in_use);
  driver.commit_plain(1);
  driver.reopen(fixture);
  driver.commit_plain(1);
}

STORE_TEST("a batch of an older epoch is fenced, and the store goes on") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  driver.commit_plain(1);
  driver.reopen(fixture);
  driver.add("ann", "decided before the restart");
  driver.batch().epoch = driver.store().opened().epoch - 1;
  CHECK(driver.commit() == CommitOutcome::fenced);
  CHECK(read_entries(*driver.store().reader(), 1, 10).size() == 1);
  driver.batch().epoch = driver.store().opened().epoch;
  CHECK(driver.commit() == CommitOutcome::ok);
}

STORE_TEST("a writer that another took over from commits nothing more") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  driver.commit_plain(2);
  fixture.raise_epoch();
  driver.add("ann", "too late");
  CHECK(driver.commit() == CommitOutcome::fenced);
  CHECK_FALSE(driver.store().trouble().empty());
  CHECK(driver.commit() == CommitOutcome::fenced);
  driver.reopen(fixture);
  CHECK(driver.store().opened().next_position == 3);
  CHECK(driver.store().opened().epoch == 3);
  require_whole(driver.store());
}

STORE_TEST("a store that went back in time says so when it is opened") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  driver.commit_plain(2);
  driver.reopen(fixture);
  const uint64_t epoch_before = driver.store().opened().epoch;
  fixture.remember();
  driver.commit_plain(3);
  { const Driver closed = std::move(driver); }
  fixture.go_back();

  Driver again = Driver::open(fixture);
  CHECK(again.store().opened().went_back);
  CHECK(again.store().opened().epoch > epoch_before);
  CHECK(again.store().opened().next_position == 3);
  again.commit_plain(9);
  again.reopen(fixture);
  CHECK_FALSE(again.store().opened().went_back);
}

STORE_TEST("a full store takes nothing of the batch and can be tried again") {
  TestType fixture;
  StoreOptions options = options_for_test();
  options.max_bytes = TestType::kSmallest;
  Driver driver = Driver::open(fixture, options);
  driver.add("ann", "fits");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  for (int i = 0; i < 1'000; ++i) driver.add_event("ann", std::string(300, 'x'));
  CHECK(driver.commit() == CommitOutcome::full);
  CHECK_FALSE(driver.store().trouble().empty());
  CHECK(driver.commit() == CommitOutcome::full);
  CHECK(read_entries(*driver.store().reader(), 1, UINT64_MAX).size() == 1);
  CHECK_FALSE(seen(*driver.store().reader(), std::string(300, 'x')));

  Batch big = driver.batch();
  driver.reopen(fixture);
  big.epoch = driver.store().opened().epoch;
  CHECK(driver.store().commit(big) == CommitOutcome::ok);
  CHECK(read_entries(*driver.store().reader(), 1, UINT64_MAX).size() == 1'001);
  require_whole(driver.store());
}

STORE_TEST("a store opened to be read sees what the writer commits beside it") {
  TestType fixture;
  Driver writer = Driver::open(fixture);
  writer.add_event("ann", "e1");
  writer.add_touch("ann", "t1");
  writer.add_snapshot("ann", at_hour(4), "ann");
  REQUIRE(writer.commit() == CommitOutcome::ok);

  StoreOptions options = merging_at_once();
  options.read_only = true;
  auto viewer = fixture.open(options);
  REQUIRE(viewer);
  CHECK((*viewer)->opened().next_position == 3);
  CHECK((*viewer)->opened().epoch == 1);
  const auto reader = (*viewer)->reader();
  CHECK(seen(*reader, "e1"));
  CHECK(find_touch(*reader, "t1"));
  CHECK(load_one(*reader, "ann")->last == 2);
  Batch batch;
  batch.epoch = (*viewer)->opened().epoch;
  CHECK((*viewer)->commit(batch) == CommitOutcome::fenced);

  writer.reopen(fixture, merging_at_once());
  for (int i = 2; i < 20; ++i) {
    writer.add_event("ann", "e" + std::to_string(i));
    writer.add_touch("bob", "t" + std::to_string(i));
    REQUIRE(writer.commit() == CommitOutcome::ok);
    reader->refresh();
    for (int k = 1; k <= i; ++k) {
      CHECK(seen(*reader, "e" + std::to_string(k)));
      CHECK(find_touch(*reader, "t" + std::to_string(k)));
    }
  }
  CHECK_FALSE(seen(*reader, "e20"));
  require_whole(writer.store());
}

STORE_TEST("a reader beside the writer never misses what was answered ok") {
  TestType fixture;
  StoreOptions options = options_for_test();
  options.late_entries = 50;
  Driver driver = Driver::open(fixture, options);
  std::atomic<int> committed = 0;
  std::atomic<bool> done = false;

  auto misses = std::async(std::launch::async, [&] {
    const auto reader = driver.store().reader();
    int missed = 0;
    while (!done) {
      const int newest = committed;
      for (int i = newest; i > 0; i -= 1 + newest / 7) {
        const std::string number = std::to_string(i);
        missed += reader->seen(hash_of("event " + number)).value_or(false) ? 0 : 1;
        missed += reader->reference(hash_of("touch " + number)).value_or(std::nullopt) ? 0 : 1;
      }
    }
    return missed;
  });
  auto failures = std::async(std::launch::async, [&] {
    int failed = 0;
    while (!done) failed += driver.store().maintain() ? 0 : 1;
    return failed;
  });
  for (int i = 1; i <= 400; ++i) {
    driver.add_event("ann", "event " + std::to_string(i));
    driver.add_touch("ann", "touch " + std::to_string(i));
    const CommitOutcome outcome = driver.commit();
    CHECK(outcome == CommitOutcome::ok);
    if (outcome == CommitOutcome::ok) committed = i;
  }
  done = true;
  CHECK(misses.get() == 0);
  CHECK(failures.get() == 0);
  require_whole(driver.store());
}

STORE_TEST("check finds a fork and a chain that skips an entry") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  driver.add("ann", "a1");
  driver.add("ann", "a2");
  driver.add("bob", "b1");
  driver.add("ann", "a3");
  const bool fork = GENERATE(true, false);
  driver.batch().entries.back().previous = fork ? 1 : 0;
  REQUIRE(driver.commit() == CommitOutcome::ok);
  const Status status = driver.store().check();
  REQUIRE_FALSE(status);
  CHECK(status.error().code == Code::store_corrupt);
  CHECK(status.error().message.find("entry 4 follows") != std::string::npos);
}

STORE_TEST("check finds a snapshot that ends at another customer's entry") {
  TestType fixture;
  Driver driver = Driver::open(fixture);
  driver.add("ann", "a1");
  driver.add("bob", "b1");
  driver.batch().snapshots.push_back({key_of("ann"), 2, Instant::never(), "ann"});
  REQUIRE(driver.commit() == CommitOutcome::ok);
  CHECK_FALSE(driver.store().check());
}

STORE_TEST("maintaining an idle store merges what was left and then has nothing to do") {
  TestType fixture;
  StoreOptions options = options_for_test();
  options.late_entries = 400;
  Driver driver = Driver::open(fixture, options);
  for (int i = 0; i < 400; ++i) driver.add_event("ann", "event " + std::to_string(i));
  REQUIRE(driver.commit() == CommitOutcome::ok);
  for (int i = 0; i < 10; ++i) {
    const Result<bool> more = driver.store().maintain();
    REQUIRE(more);
    if (i > 5) CHECK_FALSE(*more);
  }
  CHECK(driver.store().statistics().late_waiting == 0);
  CHECK(seen(*driver.store().reader(), "event 0"));
  driver.commit_plain(1);
  driver.reopen(fixture);
  CHECK(seen(*driver.store().reader(), "event 399"));
  require_whole(driver.store());
}

}  // namespace
}  // namespace relance::store_test
