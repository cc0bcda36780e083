// Who is erased: every entry of his before it is what the redactor leaves, at once or not at all,
// no snapshot of before stays, and an older copy put in the place is found to lack it.
#include "store/erased.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "failing_disk.h"
#include "store/durable_file.h"
#include "store_driver.h"

namespace relance::store_test {
namespace {

constexpr const char* kPersonal = "ann@example.com";

// The text of a body goes, what is derived from it stays.
Result<std::string> redact(const Key& customer, std::string_view body) {
  return body_of(derive(customer, body), "-");
}

StoreOptions erasing(StoreOptions options = options_for_test()) {
  options.redact = redact;
  return options;
}

void add_erasure(Driver& driver, const std::string& customer) {
  driver.add(customer, "erased");
  driver.batch().entries.back().erases = true;
}

// Two customers with history, a snapshot of before, and later ones of others.
void fill(Driver& driver) {
  for (int i = 0; i < 3; ++i) {
    driver.add_event("ann", "ann " + std::to_string(i) + kPersonal);
    driver.add_touch("ann", "touch " + std::to_string(i) + kPersonal);
    driver.add_event("bob", "bob " + std::to_string(i));
    driver.add_snapshot("ann", at_hour(40), std::string("snapshot of ") + kPersonal);
    driver.add_snapshot("bob", at_hour(50), "snapshot of bob");
    REQUIRE(driver.commit() == CommitOutcome::ok);
  }
}

bool file_has(const std::string& path, const std::string& text) {
  const auto all = read_file(path);
  return all && all->find(text) != std::string::npos;
}

// In a process of its own; false: it came to its end.
template <class Work>
bool dies_at_write(int writes, const Work& work) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    FailingDisk disk;
    disk.die_at_write(writes);
    work();
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return !WIFEXITED(status);
}

STORE_TEST("the entries of who is erased are redacted, those of others stand") {
  TestType fixture;
  Driver driver = Driver::open(fixture, erasing());
  fill(driver);
  add_erasure(driver, "ann");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  const auto reader = driver.store().reader();
  for (const ReadEntry& entry : read_entries(*reader, 1, UINT64_MAX)) {
    CHECK(entry.body.find(kPersonal) == std::string::npos);
    if (entry.customer == key_of("bob")) CHECK(entry.body.find("bob") != std::string::npos);
  }
  const auto ann = load_one(*reader, "ann");
  REQUIRE(ann);
  CHECK(ann->snapshot.empty());
  CHECK(ann->last == driver.last_of("ann"));
  CHECK(ann->holds == 0);
  CHECK(load_one(*reader, "bob")->snapshot == "snapshot of bob");
  CHECK(seen(*reader, std::string("ann 1") + kPersonal));
  require_whole(driver.store());
}

STORE_TEST("a snapshot from before an erasure is not kept, one from after it is") {
  TestType fixture;
  Driver driver = Driver::open(fixture, erasing());
  fill(driver);
  driver.add_snapshot("ann", at_hour(60), std::string("again ") + kPersonal);
  add_erasure(driver, "ann");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  const auto reader = driver.store().reader();
  CHECK(load_one(*reader, "ann")->snapshot.empty());
  driver.add_snapshot("ann", at_hour(70), "after");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  CHECK(load_one(*reader, "ann")->snapshot == "after");
  CHECK(load_one(*reader, "ann")->next_due == at_hour(70));
  driver.reopen(fixture, erasing());
  CHECK(load_one(*driver.store().reader(), "ann")->snapshot == "after");
  CHECK(driver.store().opened().erase_again.empty());
  require_whole(driver.store());
}

TEST_CASE("nothing of who is erased is left in the store's files", "[store][S0-33]") {
  SqliteFixture fixture;
  const bool merged = GENERATE(true, false);
  Driver driver = Driver::open(fixture, erasing(merged ? merging_at_once() : options_for_test()));
  fill(driver);
  for (int i = 0; merged && i < 8; ++i) REQUIRE(driver.store().maintain());
  REQUIRE((file_has(fixture.path(), kPersonal) || file_has(fixture.path() + "-wal", kPersonal)));
  add_erasure(driver, "ann");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  for (const char* part : {"", "-wal", "-shm", "-erased"}) {
    INFO(part);
    CHECK_FALSE(file_has(fixture.path() + part, kPersonal));
  }
  CHECK(file_has(fixture.path() + "-erased", key_of("ann").text()));
  driver.commit_plain(3);
  require_whole(driver.store());
}

TEST_CASE("a reader that stands in the way of the log is waited for until it has gone", "[store]") {
  SqliteFixture fixture;
  Driver driver = Driver::open(fixture, erasing());
  fill(driver);
  {
    Connection reading(fixture.path(), {});
    Transaction still(reading, Transaction::Kind::read);
    Statement(reading, "SELECT count(*) FROM record").step();
    add_erasure(driver, "ann");
    REQUIRE(driver.commit() == CommitOutcome::ok);
    CHECK(file_has(fixture.path() + "-wal", kPersonal));
  }
  for (int i = 0; i < 2; ++i) REQUIRE(driver.store().maintain());  // the second finds it idle
  CHECK_FALSE(file_has(fixture.path() + "-wal", kPersonal));
  CHECK_FALSE(file_has(fixture.path(), kPersonal));
}

TEST_CASE("an older copy in a store's place is found to lack an erasure", "[store][S0-33]") {
  SqliteFixture fixture;
  const std::string copy = fixture.path() + ".copy";
  {
    Driver driver = Driver::open(fixture, erasing());
    fill(driver);
  }
  std::filesystem::copy(fixture.path(), copy);
  {
    Driver driver = Driver::open(fixture, erasing());
    CHECK(driver.store().opened().erase_again.empty());
    driver.add("ann", "comes");
    driver.batch().entries.back().erases = true;
    driver.batch().entries.back().previous = 8;
    REQUIRE(driver.commit() == CommitOutcome::ok);
  }
  std::filesystem::copy(copy, fixture.path(), std::filesystem::copy_options::overwrite_existing);
  {
    Driver driver = Driver::open(fixture, erasing());
    REQUIRE(driver.store().opened().erase_again == std::vector<Key>{key_of("ann")});
    driver.add("ann", "again");
    driver.batch().entries.back().erases = true;
    driver.batch().entries.back().previous = 8;
    REQUIRE(driver.commit() == CommitOutcome::ok);
  }
  Driver driver = Driver::open(fixture, erasing());
  CHECK(driver.store().opened().erase_again.empty());
}

TEST_CASE("an erasure that is killed at any write has not begun, or is done", "[store]") {
  int killed = 0;
  for (int writes = 0; writes < 200; ++writes) {
    SqliteFixture fixture;
    {
      Driver driver = Driver::open(fixture, erasing());
      fill(driver);
    }
    if (!dies_at_write(writes, [&] {
          Driver driver = Driver::open(fixture, erasing());
          driver.add("ann", "erased");
          driver.batch().entries.back().erases = true;
          driver.batch().entries.back().previous = 8;
          driver.commit();
        }))
      break;
    ++killed;
    INFO("killed at write " << writes);
    Driver driver = Driver::open(fixture, erasing());
    require_whole(driver.store());
    size_t left = 0, erased = 0;
    for (const ReadEntry& entry : read_entries(*driver.store().reader(), 1, UINT64_MAX)) {
      left += entry.body.find(kPersonal) != std::string::npos ? 1 : 0;
      erased += entry.body.find("erased") != std::string::npos ? 1 : 0;
    }
    CHECK(left == (erased == 1 ? 0 : 6));
  }
  CHECK(killed > 3);
  CHECK(killed < 200);
}

TEST_CASE("a list of the erased that cannot be read opens no store", "[store]") {
  SqliteFixture fixture;
  { Driver driver = Driver::open(fixture, erasing()); }
  REQUIRE(write_durably(fixture.path() + "-erased", "ann@example.com yesterday\n"));
  const auto opened = fixture.open(erasing());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::store_corrupt);
  CHECK(opened.error().message.find("-erased, line 1") != std::string::npos);
  CHECK(opened.error().message.find("ann@") == std::string::npos);
}

}  // namespace
}  // namespace relance::store_test
