// The note that holds a store's sends: who writes it, and how long it stands.
#include "store/hold.h"

#include <fstream>

#include "store_driver.h"

namespace relance::store_test {
namespace {

TEST_CASE("a store in a file that went back says so to every opening until it is released",
          "[store]") {
  SqliteFixture fixture;
  {
    Driver driver = Driver::open(fixture);
    CHECK_FALSE(driver.store().opened().hold);
    driver.commit_plain(2);
    fixture.remember();
    driver.commit_plain(3);
  }
  fixture.go_back();
  for (int opening = 0; opening < 3; ++opening) {
    Driver again = Driver::open(fixture);
    INFO(opening);
    CHECK(again.store().opened().went_back == (opening == 0));
    REQUIRE(again.store().opened().hold);
    CHECK_FALSE(again.store().opened().hold->released());
    CHECK(again.store().opened().hold->from == at_hour(2));
    again.commit_plain(1);
  }
  SendHold released = *read_hold(hold_path(fixture.path()));
  released.released_at = at_hour(50);
  REQUIRE(write_hold(hold_path(fixture.path()), released));
  CHECK(Driver::open(fixture).store().opened().hold->released());
}

TEST_CASE("an opening that dies after it found a loss has written it down", "[store]") {
  SqliteFixture fixture;
  Driver::open(fixture).commit_plain(2);
  fixture.remember();
  Driver::open(fixture).commit_plain(3);
  fixture.go_back();
  std::filesystem::create_directory(fixture.path() + "-held");  // it cannot be written down
  const auto opened = fixture.open(options_for_test());
  // Nothing is known of a note that cannot be read: the sends are held all the same.
  REQUIRE(opened);
  CHECK_FALSE((*opened)->opened().hold->released());
}

TEST_CASE("a note that cannot be read holds, and nothing counts as known", "[store]") {
  TemporaryDirectory directory;
  const std::string path = directory.file("store.db-held");
  CHECK_FALSE(read_hold(path));
  const char* text = GENERATE("", "one line", "why\nnothing is known after yesterday\n");
  std::ofstream(path) << text;
  REQUIRE(read_hold(path));
  CHECK_FALSE(read_hold(path)->released());
  CHECK(read_hold(path)->from == Instant::beginning());
  CHECK(read_hold(path)->over_at().is_never());
}

TEST_CASE("a note is read as it was written", "[store]") {
  TemporaryDirectory directory;
  const std::string path = directory.file("store.db-held");
  SendHold hold{GENERATE(at_hour(3), Instant::beginning()), Instant::never(), "restored from x.db"};
  hold.released_at = GENERATE(Instant::never(), at_hour(9));
  REQUIRE(write_hold(path, hold));
  const auto read = read_hold(path);
  REQUIRE(read);
  CHECK(read->from == hold.from);
  CHECK(read->released_at == hold.released_at);
  CHECK(read->why == hold.why);
}

TEST_CASE("an opening knows who was the last to do any work", "[store]") {
  SqliteFixture fixture;
  { Driver::open(fixture).commit_plain(1); }      // epoch 1 works
  { const Driver idle = Driver::open(fixture); }  // 2 and
  { const Driver idle = Driver::open(fixture); }  // 3 do not
  {
    Driver driver = Driver::open(fixture);
    CHECK(driver.store().opened().epoch == 4);
    CHECK(driver.store().opened().last_worked == 1);
    driver.commit_plain(1);
  }
  CHECK(Driver::open(fixture).store().opened().last_worked == 4);

  // Without the lock's file only the epoch before is sure to have been asked.
  std::filesystem::remove(fixture.path() + "-lock");
  CHECK(Driver::open(fixture).store().opened().last_worked == 5);
}

TEST_CASE("an opening that was killed before it marked its epoch did no work", "[store]") {
  SqliteFixture fixture;
  { Driver::open(fixture).commit_plain(1); }
  fixture.raise_epoch();  // an opening's commit, and no word in the lock's file
  const Opened opened = Driver::open(fixture).store().opened();
  CHECK(opened.epoch == 3);
  CHECK(opened.last_worked == 1);
  CHECK_FALSE(opened.went_back);
}

}  // namespace
}  // namespace relance::store_test
