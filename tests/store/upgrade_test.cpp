// A store of two versions before: what a newer Relance makes of it, also where it dies on the way.
#include <sys/wait.h>
#include <unistd.h>

#include "failing_disk.h"
#include "store_driver.h"

namespace relance::store_test {
namespace {

constexpr int kCustomers = 300;

// As two versions before left it: schema 3, whose rows that say where a snapshot lies had no sum.
void make_old_store(SqliteFixture& fixture) {
  {
    Driver driver = Driver::open(fixture, merging_at_once());
    for (int i = 0; i < kCustomers; ++i) {
      const std::string name = "c" + std::to_string(i);
      driver.add_event(name, "e" + std::to_string(i));
      driver.add_snapshot(name, at_hour(i), name + " as he was");
      if (i % 50 == 49) REQUIRE(driver.commit() == CommitOutcome::ok);
    }
    for (int i = 0; i < 8; ++i) REQUIRE(driver.store().maintain());
  }
  fixture.run(
      "ALTER TABLE customer DROP COLUMN sum; ALTER TABLE snapshot DROP COLUMN sum; "
      "ALTER TABLE meta DROP COLUMN compacted_to; DROP TABLE erased; "
      "CREATE TABLE secret(customer BLOB PRIMARY KEY, wrapped_key BLOB NOT NULL) STRICT, "
      "WITHOUT ROWID; PRAGMA user_version = 3");
}

void check_content(SqliteFixture& fixture) {
  Driver driver = Driver::open(fixture);
  require_whole(driver.store());
  const auto reader = driver.store().reader();
  for (int i = 0; i < kCustomers; ++i) {
    const std::string name = "c" + std::to_string(i);
    const auto found = load_one(*reader, name);
    REQUIRE(found);
    CHECK(found->snapshot == name + " as he was");
    CHECK(found->next_due == at_hour(i));
    CHECK(seen(*reader, "e" + std::to_string(i)));
  }
  const std::string newcomer = "n" + std::to_string(driver.next_position());
  driver.add(newcomer, "comes");
  driver.add_snapshot(newcomer, Instant::never(), "new");
  CHECK(driver.commit() == CommitOutcome::ok);
  CHECK(load_one(*reader, newcomer)->snapshot == "new");
}

int64_t version_of(SqliteFixture& fixture) {
  Connection connection(fixture.path(), {});
  Statement version(connection, "PRAGMA user_version");
  ResetAtEnd reset(version);
  return version.step() ? version.integer(0) : -1;
}

TEST_CASE("a store of two versions before is brought up to date, and nothing is lost", "[store]") {
  SqliteFixture fixture;
  make_old_store(fixture);
  StoreOptions reading = options_for_test();
  reading.read_only = true;
  const auto refused = fixture.open(reading);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::store_version);
  CHECK(refused.error().message.find("version 3, not yet 5") != std::string::npos);
  check_content(fixture);
  CHECK(version_of(fixture) == 5);
  check_content(fixture);
}

TEST_CASE("an upgrade that is killed at any write is as if it had not begun, or is done",
          "[store]") {
  int killed = 0;
  for (int writes = 0; writes < 200; ++writes) {
    SqliteFixture fixture;
    make_old_store(fixture);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      FailingDisk disk;
      disk.die_at_write(writes);
      const auto opened = fixture.open(options_for_test());
      _exit(opened ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    if (WIFEXITED(status)) {
      CHECK(WEXITSTATUS(status) == 0);
      break;
    }
    ++killed;
    INFO("killed at write " << writes);
    const int64_t version = version_of(fixture);
    CHECK((version >= 3 && version <= 5));
    check_content(fixture);
  }
  CHECK(killed > 10);
  CHECK(killed < 200);
}

TEST_CASE("a disk that fills up during an upgrade leaves the old store", "[store]") {
  SqliteFixture fixture;
  make_old_store(fixture);
  {
    FailingDisk disk;
    disk.fill_up();
    const auto opened = fixture.open(options_for_test());
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Code::store_full);
  }
  CHECK(version_of(fixture) == 3);
  check_content(fixture);
}

TEST_CASE("a changed place or instant in a customer's row is found", "[store]") {
  SqliteFixture fixture;
  const bool merged = GENERATE(true, false);  // in table customer, or in a row of snapshot yet
  {
    Driver driver = Driver::open(fixture, merged ? merging_at_once() : options_for_test());
    for (const char* name : {"ann", "bob", "cyd"}) {
      driver.add(name, "e");
      driver.add_snapshot(name, at_hour(40), name);
      REQUIRE(driver.commit() == CommitOutcome::ok);
    }
    for (int i = 0; merged && i < 8; ++i) REQUIRE(driver.store().maintain());
    require_whole(driver.store());
  }
  const std::string table = merged ? "customer" : "snapshot";
  const std::string place = merged ? "body = body + 1" : "place = 1";
  const std::string change = GENERATE_COPY(std::string("next_due = next_due + 3600000"),
                                           std::string("last = last - 1"), place);
  fixture.run(("UPDATE " + table + " SET " + change).c_str());
  const auto opened = fixture.open(options_for_test());
  INFO(table << ": " << change);
  const Status found = opened ? (*opened)->check() : Status(opened.error());
  REQUIRE_FALSE(found);
  CHECK(found.error().code == Code::store_corrupt);
  CHECK(found.error().message.find("has changed since it was written") != std::string::npos);
}

}  // namespace
}  // namespace relance::store_test
