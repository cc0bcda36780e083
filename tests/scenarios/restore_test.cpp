// A backup that was made under load is put back after the store went on without it: what left in
// the time that is lost leaves no second time, and nothing leaves before a person says so.
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

#include "base/crash_point.h"
#include "scenarios/books.h"
#include "store/hold.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kPerSecond = 500;

int call(const Shop& shop, std::vector<std::string> words, const std::string& die_at = "") {
  words.insert(words.begin(), RELANCE_BUILD_DIR "/bin/relance");
  words.insert(words.end(), {"--store", shop.store()});
  std::vector<std::string> environment;
  if (!die_at.empty()) environment.push_back("RELANCE_CRASH_AT=" + die_at);
  ChildProcess command(words, {shop.path("log"), environment, false});
  REQUIRE(command.ends_within(kLastLifeMs));
  return command.exit();
}

// A backup in the middle of a life, more life, and an end without warning.
void live_and_lose(Shop& shop) {
  const auto child = shop.start();
  REQUIRE_FALSE(shop.give(*child, 700, kPerSecond));
  REQUIRE(call(shop, {"store", "backup", shop.path("backup.db")}) == 0);
  REQUIRE_FALSE(shop.give(*child, 700, kPerSecond));
  child->kill();
  shop.source().look();
  check_crash(shop);
}

size_t effects_of(const Shop& shop) { return read_ledger(shop).keys.size(); }

// Held, everything given again, released, to the end.
Closed go_on(Shop& shop) {
  shop.source().give_all_again();
  const size_t before = effects_of(shop);
  const auto child = shop.start();
  const bool all = shop.give_again(*child, kLastLifeMs);
  INFO(shop.log());
  REQUIRE(all);
  REQUIRE_FALSE(shop.give(*child, 1'500, 0));
  CHECK(shop.says("until `relance resume --sends`"));
  CHECK(effects_of(shop) == before);
  REQUIRE(call(shop, {"resume", "--sends"}) == 0);
  shop.end_feed(*child);
  REQUIRE(child->ends_within(kLastLifeMs));
  REQUIRE(child->exit() == 0);
  return check_closed(shop);
}

}  // namespace

TEST_CASE("a backup under load is whole, and nothing of the lost time happens twice", "[restore]") {
  const std::string delivery = GENERATE(as<std::string>(), "keyed", "lookup", "blind");
  Shop shop("restore-" + delivery, delivery);
  live_and_lose(shop);
  const size_t before = effects_of(shop);
  REQUIRE(call(shop, {"store", "restore", shop.path("backup.db"), "--replace"}) == 0);
  const Closed closed = go_on(shop);
  CHECK(closed.doubled == 0);
  CHECK(closed.effects >= before);
  if (delivery == "blind")
    CHECK(closed.parked > 0);
  else
    CHECK(closed.effects == 2 * shop.source().made());
}

TEST_CASE("a restore may die at every step, and is then repeated", "[restore]") {
  for (const CrashPoint point :
       {CrashPoint::restore_copied, CrashPoint::restore_held, CrashPoint::restore_kept_aside}) {
    const std::string name(crash_point_name(point));
    CAPTURE(name);
    Shop shop("restore-" + name, "lookup");
    live_and_lose(shop);
    const std::vector<std::string> restore{"store", "restore", shop.path("backup.db"), "--replace"};
    REQUIRE(call(shop, restore, name + ":1") == -SIGKILL);
    REQUIRE(look_into(shop)->check());  // the store before, whole
    REQUIRE(call(shop, restore) == 0);
    REQUIRE(read_hold(hold_path(shop.store())));
    CHECK(go_on(shop).doubled == 0);
  }
}

TEST_CASE("held sends stay held over a kill of the engine", "[restore]") {
  Shop shop("restore-held", "blind");
  live_and_lose(shop);
  const size_t before = effects_of(shop);
  REQUIRE(call(shop, {"store", "restore", shop.path("backup.db"), "--replace"}) == 0);
  shop.source().give_all_again();
  for (int life = 0; life < 2; ++life) {
    const auto child = shop.start();
    REQUIRE_FALSE(shop.give(*child, 500, kPerSecond));
    child->kill();
    CHECK(effects_of(shop) == before);
  }
  CHECK(go_on(shop).doubled == 0);
}

TEST_CASE("a store that was copied back by hand holds its sends as well", "[restore]") {
  Shop shop("restore-by-hand", "lookup");
  live_and_lose(shop);
  for (const char* part : {"-wal", "-shm"}) std::filesystem::remove(shop.store() + part);
  std::filesystem::copy_file(shop.path("backup.db"), shop.store(),
                             std::filesystem::copy_options::overwrite_existing);
  CHECK(go_on(shop).doubled == 0);
  CHECK(shop.says("the store lost commits that it had acknowledged"));
}

TEST_CASE("a backup that dies leaves nothing under its name", "[restore]") {
  Shop shop("backup-dies", "keyed");
  const auto child = shop.start();
  REQUIRE_FALSE(shop.give(*child, 400, kPerSecond));
  REQUIRE(call(shop, {"store", "backup", shop.path("b.db")}, "backup_written:1") == -SIGKILL);
  CHECK_FALSE(std::filesystem::exists(shop.path("b.db")));
  CHECK(call(shop, {"store", "backup", shop.path("b.db")}) == 0);
  CHECK(call(shop, {"store", "backup", shop.path("b.db")}) == 2);  // never overwritten
  CHECK(call(shop, {"store", "check"}) == 0);                      // beside the running engine
  CHECK(call(shop, {"store", "restore", shop.path("b.db"), "--replace"}) == 3);  // in use
  REQUIRE_FALSE(shop.give(*child, 100, kPerSecond));
  child->kill();
  CHECK(call(shop, {"store", "restore", shop.path("b.db")}) == 2);  // without --replace
  // A backup of which one byte has changed is not put back.
  std::string bytes = read_text(shop.path("b.db"));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x10);
  std::ofstream(shop.path("b.db"), std::ios::binary) << bytes;
  CHECK(call(shop, {"store", "restore", shop.path("b.db"), "--replace"}) == 3);
  CHECK_FALSE(std::filesystem::exists(shop.store() + "-restoring"));
  shop.source().look();
  shop.finish();
}
