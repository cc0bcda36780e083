// A disk without room. Nothing is acknowledged that is not kept; no touch begins any more while
// there is still room to write down the outcomes of those under way; and it goes on by itself.
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>

#include "base/clock.h"
#include "scenarios/books.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int64_t kReserve = 16 << 20;  // bytes
constexpr int kPerSecond = 2000;
constexpr int kGoesOnWithinMs = 5'000;

// Gives events until the log says so.
void give_until(Shop& shop, ChildProcess& child, const std::string& words) {
  const SystemClock clock;
  const Duration end = clock.since_boot() + seconds(30);
  while (!shop.says(words)) {
    INFO(words << " is not in:\n" << shop.log());
    REQUIRE(clock.since_boot() < end);
    REQUIRE_FALSE(shop.give(child, 20, kPerSecond));
  }
}

// While there is no room: sources wait, nothing is sent, every touch gets its outcome, unless not
// even an outcome finds room, which is said.
void check_standstill(Shop& shop, ChildProcess& child) {
  REQUIRE_FALSE(shop.give(child, 500, kPerSecond));  // what was under way
  const size_t acknowledged = shop.source().acknowledged(), effects = read_ledger(shop).keys.size();
  REQUIRE_FALSE(shop.give(child, 500, kPerSecond));
  INFO(shop.log());
  CHECK(acknowledged > 0);
  CHECK(effects > 0);
  CHECK(shop.source().acknowledged() == acknowledged);
  CHECK(read_ledger(shop).keys.size() == effects);
  if (!shop.says("no space: nothing is acknowledged")) CHECK(check_crash(shop).open.empty());
}

// There is room again: without a restart everything that was given is taken.
void check_goes_on(Shop& shop, ChildProcess& child) {
  const SystemClock clock;
  const size_t before = shop.source().acknowledged();
  const Duration end = clock.since_boot() + milliseconds(kGoesOnWithinMs);
  while (shop.source().acknowledged() == before) {
    INFO(shop.log());
    REQUIRE(clock.since_boot() < end);
    REQUIRE_FALSE(shop.give(child, 20, 100));
  }
  give_until(shop, child, "there is space again");
  shop.end_feed(child);
  REQUIRE(child.ends_within(kLastLifeMs));
  CHECK(child.exit() == 0);
  shop.source().look();
  shop.finish();
  CHECK(check_closed(shop).unknown.empty());
}

// A disk of its own for this process and its children; false: this machine allows no mounts.
bool mount_small_disk(const std::string& at, const char* size) {
  const int allowed = ::unshare(CLONE_NEWNS) == 0
                          ? ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr)
                          : -1;
  if (allowed != 0 && errno == EPERM) return false;
  REQUIRE(allowed == 0);
  std::filesystem::create_directory(at);
  REQUIRE(::mount("none", at.c_str(), "tmpfs", 0, size) == 0);
  return true;
}

// Takes the room on a disk until it is gone.
class Ballast {
 public:
  Ballast(std::string path, int64_t bytes) : path_(std::move(path)) {
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(file >= 0);
    REQUIRE(::posix_fallocate(file, 0, bytes) == 0);
    ::close(file);
  }
  ~Ballast() { ::unlink(path_.c_str()); }
  Ballast(const Ballast&) = delete;
  Ballast& operator=(const Ballast&) = delete;

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("a disk that fills up stops intake and sends before it is full, and both go on by itself",
          "[space]") {
  Shop shop("full", "blind");
  shop.faults().plan("");
  shop.faults().leave_room(2 * kReserve + (1 << 20));
  const auto child = shop.start_with_faults();
  give_until(shop, *child, "little space is left");
  check_standstill(shop, *child);
  CHECK_FALSE(shop.says("no space: nothing is acknowledged"));  // there is, for outcomes
  shop.faults().leave_room(FAULTS_NO_LIMIT);
  check_goes_on(shop, *child);
}

TEST_CASE("a disk without any room at all keeps what it acknowledged, and goes on by itself",
          "[space]") {
  Shop shop("full_at_once", "keyed");
  shop.faults().plan("write:enospc@200..215");
  const auto child = shop.start_with_faults();
  give_until(shop, *child, "no space: nothing is acknowledged");
  check_goes_on(shop, *child);
}

TEST_CASE("a small disk of its own fills up, and has room again", "[space][needs-mounts]") {
  Shop shop("full_disk", "blind");
  if (!mount_small_disk(shop.path("disk"), "size=40m")) {
    WARN("needs mounts, which this machine does not allow");
    return;
  }
  shop.keep_store_in("disk");
  const auto child = shop.start();
  const SystemClock clock;
  const Duration end = clock.since_boot() + seconds(30);
  while (shop.source().acknowledged() == 0) {
    REQUIRE(clock.since_boot() < end);
    REQUIRE_FALSE(shop.give(*child, 20, kPerSecond));
  }
  {
    const Ballast ballast(shop.path("disk/ballast"), 22 << 20);
    give_until(shop, *child, "little space is left");
    check_standstill(shop, *child);
  }
  check_goes_on(shop, *child);
}

TEST_CASE("a kill while there is no room loses nothing, and the next start goes on", "[space]") {
  Shop shop("full_killed", "blind");
  {
    shop.faults().plan("");
    shop.faults().leave_room(2 * kReserve + (1 << 20));
    const auto child = shop.start_with_faults();
    give_until(shop, *child, "little space is left");
    REQUIRE_FALSE(shop.give(*child, 100, kPerSecond));
    child->kill();
    shop.source().look();
    check_crash(shop);
  }
  {  // still full: it must come up on what is left of the reserve, or say why it cannot
    shop.faults().plan("");
    shop.faults().leave_room(64 << 10);
    const auto child = shop.start_with_faults();
    if (shop.give(*child, 500, kPerSecond)) {
      INFO(shop.log());
      CHECK(child->exit() == 3);
      CHECK(shop.says("error E0405: "));
    } else {
      check_standstill(shop, *child);
      child->kill();
    }
    shop.source().look();
    check_crash(shop);
  }
  shop.finish();
  check_closed(shop);
}
