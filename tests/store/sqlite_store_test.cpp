// What only a store in a file can meet.

#include "store/sqlite_store.h"

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "failing_disk.h"
#include "store_driver.h"

namespace relance::store_test {
namespace {

TEST_CASE("a file that is not a store is left alone", "[store]") {
  TemporaryDirectory directory;
  const std::string text = directory.file("notes.txt");
  std::ofstream(text) << std::string(5'000, 'n');
  const auto opened = open_store(text, options_for_test());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::store_corrupt);
  CHECK(opened.error().message.find(text) != std::string::npos);

  const std::string foreign = directory.file("foreign.db");
  {
    Connection other(foreign, {.flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE});
    other.run("CREATE TABLE t(x); INSERT INTO t VALUES (1)");
  }
  const auto second = open_store("sqlite:" + foreign, options_for_test());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Code::store_corrupt);
}

TEST_CASE("a store of a newer version is refused, for writing and reading", "[store]") {
  SqliteFixture fixture;
  { Driver driver = Driver::open(fixture); }
  fixture.run("PRAGMA user_version = 999");
  StoreOptions options = options_for_test();
  options.read_only = GENERATE(true, false);
  const auto opened = fixture.open(options);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::store_version);
  CHECK(opened.error().message.find("999") != std::string::npos);
}

TEST_CASE("a store that cannot be made or found is named", "[store]") {
  TemporaryDirectory directory;
  const std::string path = directory.file("no/such/store.db");
  const auto for_writing = open_store(path, options_for_test());
  REQUIRE_FALSE(for_writing);
  CHECK(for_writing.error().code == Code::store_open);
  CHECK(for_writing.error().message.find(path) != std::string::npos);
  StoreOptions options = options_for_test();
  options.read_only = true;
  const auto for_reading = open_store(path, options);
  REQUIRE_FALSE(for_reading);
  CHECK(for_reading.error().code == Code::store_open);
  CHECK(open_store(directory.file(""), options_for_test()).error().code == Code::store_open);
  CHECK(open_store("sqlite:", options_for_test()).error().code == Code::store_open);
}

TEST_CASE("an opening that died between the tables and their first row is repeated", "[store]") {
  SqliteFixture fixture;
  { Driver driver = Driver::open(fixture); }
  fixture.run("DELETE FROM meta");
  Driver driver = Driver::open(fixture);
  CHECK(driver.store().opened().created);
  driver.commit_plain(1);
}

TEST_CASE("the writer's lock dies with its process", "[store]") {
  SqliteFixture fixture;
  { Driver driver = Driver::open(fixture); }
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto store = fixture.open(options_for_test());
    Batch batch;
    batch.epoch = (*store)->opened().epoch;
    batch.entries.push_back({key_of("ann"), 1, 0, body_of({}, "kept"), {}});
    const char answer = (*store)->commit(batch) == CommitOutcome::ok ? 'k' : 'n';
    [[maybe_unused]] const ssize_t written = write(ready[1], &answer, 1);
    for (;;) pause();
  }
  char answer = 0;
  REQUIRE(read(ready[0], &answer, 1) == 1);
  CHECK(answer == 'k');
  CHECK(fixture.open(options_for_test()).error().code == Code::store_in_use);
  REQUIRE(kill(child, SIGKILL) == 0);
  REQUIRE(waitpid(child, nullptr, 0) == child);
  close(ready[0]);
  close(ready[1]);

  Driver driver = Driver::open(fixture);
  CHECK(driver.store().opened().next_position == 2);
  CHECK_FALSE(driver.store().opened().went_back);
}

// Commits three entries at a time and says so on `acknowledged`, until it is killed.
[[noreturn]] void commit_until_killed(SqliteFixture& fixture, int acknowledged) {
  StoreOptions options = options_for_test();
  options.late_entries = 20;
  auto store = std::move(fixture.open(options)).value();
  for (Position next = store->opened().next_position;;) {
    Batch batch;
    batch.epoch = store->opened().epoch;
    for (int i = 0; i < 3; ++i, ++next) {
      const Derived derived = {.seen = {hash_of(std::to_string(next))},
                               .references = {{hash_of(std::to_string(next)), key_of("c"), {}}},
                               .addresses = {}};
      const Position previous = next <= 3 ? 0 : next - 3;  // three customers, in turn
      batch.entries.push_back(
          {key_of("c" + std::to_string(next % 3)), next, previous, body_of(derived, "x"), derived});
    }
    if (store->commit(batch) != CommitOutcome::ok || !store->maintain()) _exit(1);
    const Position last = next - 1;
    if (write(acknowledged, &last, sizeof last) != sizeof last) _exit(1);
  }
}

TEST_CASE("kill -9 loses nothing that was answered ok", "[store]") {
  SqliteFixture fixture;
  Position last = 0;
  for (int acknowledgements : {1, 2, 5, 9, 14, 20, 27, 33}) {
    int pipe_ends[2];
    REQUIRE(pipe(pipe_ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) commit_until_killed(fixture, pipe_ends[1]);
    close(pipe_ends[1]);
    while (acknowledgements > 0 && read(pipe_ends[0], &last, sizeof last) == sizeof last) {
      --acknowledgements;
    }
    CHECK(acknowledgements == 0);
    REQUIRE(kill(child, SIGKILL) == 0);
    REQUIRE(waitpid(child, nullptr, 0) == child);
    while (read(pipe_ends[0], &last, sizeof last) == sizeof last) {
    }
    close(pipe_ends[0]);

    Driver driver = Driver::open(fixture);
    const Position next = driver.store().opened().next_position;
    CHECK((next == last + 1 || next == last + 4));
    CHECK_FALSE(driver.store().opened().went_back);
    const auto reader = driver.store().reader();
    for (Position position = 1; position < next; ++position) {
      CHECK(seen(*reader, std::to_string(position)));
      CHECK(find_touch(*reader, std::to_string(position)));
    }
    require_whole(driver.store());
  }
}

TEST_CASE("a store that lost its whole log is no new store", "[store]") {
  SqliteFixture fixture;
  std::unique_ptr<SqliteFixture> copy;
  {
    Driver driver = Driver::open(fixture);
    driver.commit_plain(3);
    copy = fixture.crash_copy();
  }
  std::filesystem::copy_file(fixture.path() + "-lock", copy->path() + "-lock");
  std::ofstream(copy->path() + "-wal") << "not a log";
  Driver driver = Driver::open(*copy);
  CHECK(driver.store().opened().next_position == 1);
  CHECK(driver.store().opened().went_back);
}

TEST_CASE("a store whose file goes back under its writer answers went_back", "[store]") {
  SqliteFixture fixture;
  Driver driver = Driver::open(fixture);
  driver.commit_plain(3);
  fixture.change_meta([](Meta& meta) { --meta.commits; });
  driver.add("ann", "after the loss");
  CHECK(driver.commit() == CommitOutcome::went_back);
  CHECK(driver.commit() == CommitOutcome::went_back);
}

TEST_CASE("a changed row of table meta is found when the store is opened", "[store]") {
  for (const char* column : {"installation = 'x' || substr(installation, 2)", "epoch = epoch + 1",
                             "next_position = next_position + 1", "horizon = horizon + 1",
                             "late_horizon = late_horizon + 1", "at = at + 1",
                             "snapshot_horizon = snapshot_horizon + 1", "sum = sum + 1"}) {
    SqliteFixture fixture;
    Driver::open(fixture).commit_plain(3);
    fixture.run((std::string("UPDATE meta SET ") + column).c_str());
    const auto opened = fixture.open(options_for_test());
    INFO(column);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Code::store_corrupt);
  }
}

TEST_CASE("what SQLite answers within a commit has one meaning each", "[store]") {
  CHECK(commit_outcome({SQLITE_FULL, ""}) == CommitOutcome::full);
  CHECK(commit_outcome({SQLITE_BUSY, ""}) == CommitOutcome::unknown);
  CHECK(commit_outcome({SQLITE_NOMEM, ""}) == CommitOutcome::unknown);
  CHECK(commit_outcome({SQLITE_IOERR_FSYNC, ""}) == CommitOutcome::failed);
  CHECK(commit_outcome({SQLITE_IOERR_WRITE, ""}) == CommitOutcome::failed);
  CHECK(commit_outcome({SQLITE_CORRUPT, ""}) == CommitOutcome::failed);
  CHECK(commit_outcome({SQLITE_READONLY, ""}) == CommitOutcome::failed);
}

TEST_CASE("a failed flush ends the store, and nothing that was answered ok is lost", "[store]") {
  SqliteFixture fixture;
  { Driver driver = Driver::open(fixture); }
  FailingDisk disk;
  Position answered_ok = 0;
  {
    Driver driver = Driver::open(fixture);
    disk.fail_flush_after(GENERATE(0, 1, 3));
    for (int i = 0; i < 10; ++i) {
      const Position position = driver.add("ann", "x");
      const CommitOutcome outcome = driver.commit();
      if (outcome == CommitOutcome::ok) answered_ok = position;
      if (outcome == CommitOutcome::ok) continue;
      CHECK(outcome == CommitOutcome::failed);
      CHECK(driver.store().trouble().find(fixture.path()) != std::string::npos);
      break;
    }
    // The disk is well again, this store stays ended all the same.
    disk.heal();
    CHECK(driver.commit() == CommitOutcome::failed);
  }
  Driver again = Driver::open(fixture);
  CHECK(again.store().opened().next_position > answered_ok);
  CHECK(again.store().opened().next_position <= answered_ok + 2);
  require_whole(again.store());
}

TEST_CASE("a failed flush of a checkpoint ends the store as well", "[store]") {
  SqliteFixture fixture;
  FailingDisk disk;
  Driver driver = Driver::open(fixture);
  for (int i = 0; i < 2'500; ++i) driver.add("ann", std::string(4'000, 'x'));
  REQUIRE(driver.commit() == CommitOutcome::ok);
  disk.fail_flush_after(0);
  const Result<bool> maintained = driver.store().maintain();
  REQUIRE_FALSE(maintained);
  CHECK(maintained.error().code == Code::store_failed);
  disk.heal();
  driver.add("ann", "after");
  CHECK(driver.commit() == CommitOutcome::failed);
}

TEST_CASE("a disk without space takes nothing of the batch and can be tried again", "[store]") {
  SqliteFixture fixture;
  FailingDisk disk;
  Driver driver = Driver::open(fixture);
  driver.commit_plain(1);
  disk.fill_up();
  driver.add_event("ann", "e1");
  CHECK(driver.commit() == CommitOutcome::full);
  CHECK(driver.commit() == CommitOutcome::full);
  CHECK_FALSE(seen(*driver.store().reader(), "e1"));
  disk.heal();
  CHECK(driver.commit() == CommitOutcome::ok);
  driver.reopen(fixture);
  CHECK(driver.store().opened().next_position == 3);
  CHECK(seen(*driver.store().reader(), "e1"));
  require_whole(driver.store());
}

TEST_CASE("check finds an entry that is gone and a lookup that was not written", "[store]") {
  SqliteFixture fixture;
  StoreOptions options = options_for_test();
  options.late_entries = 1;
  Driver driver = Driver::open(fixture, options);
  driver.add_event("ann", "e1");
  driver.add_touch("ann", "t1");
  driver.add("bob", "b1");
  REQUIRE(driver.commit() == CommitOutcome::ok);
  driver.commit_plain(3);
  REQUIRE(driver.store().statistics().late_waiting == 0);
  require_whole(driver.store());

  const auto [sql, message] = GENERATE(table<const char*, const char*>({
      {"DELETE FROM record WHERE seq = 3", "entry 3 is missing"},
      {"DELETE FROM seen", "is not seen"},
      {"DELETE FROM reference", "leads nowhere"},
      {"INSERT INTO address VALUES (5, 'bounced')", "say otherwise"},
  }));
  fixture.run(sql);
  const Status status = driver.store().check();
  REQUIRE_FALSE(status);
  CHECK(status.error().message.find(message) != std::string::npos);
}

TEST_CASE("an opening notices entries that are missing at the end", "[store]") {
  SqliteFixture fixture;
  {
    Driver driver = Driver::open(fixture);
    driver.commit_plain(3);
  }
  fixture.run("DELETE FROM record WHERE seq = 3");
  CHECK(fixture.open(options_for_test()).error().code == Code::store_corrupt);
}

TEST_CASE("the log starts over after a checkpoint instead of growing", "[store]") {
  SqliteFixture fixture;
  Driver driver = Driver::open(fixture);
  const auto grow = [&] {
    for (int i = 0; i < 25; ++i) {
      for (int k = 0; k < 100; ++k) driver.add("ann", std::string(4'000, 'x'));
      REQUIRE(driver.commit() == CommitOutcome::ok);
      REQUIRE(driver.store().maintain());
    }
    return std::filesystem::file_size(fixture.path() + "-wal");
  };
  const auto first = grow();
  const auto second = grow();
  CHECK(first > 1'000'000);
  CHECK(second < first + first / 2);
  CHECK(driver.store().statistics().bytes_on_disk > 20'000'000);
}

}  // namespace
}  // namespace relance::store_test
