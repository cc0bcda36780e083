// Bytes that a disk changed: found when the store is opened or checked, and never a reason for a
// wrong send.
//
// Each copy of a store with one byte changed is opened, checked and rebuilt in a process of its own
// (what is found may end it), and compared with the original. `./dev storm --long` tries more.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "base/id.h"
#include "base/random.h"
#include "core/state/apply.h"
#include "core/state/record.h"
#include "node/derived.h"
#include "scenarios/books.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

enum class Verdict { same, found, ended, missed };

StoreOptions plain_options() {
  StoreOptions options;
  options.derive = entry_deriver();
  return options;
}

// Everything the store says, as one text; empty where something is found to be wrong.
std::string contents(Store& store) {
  if (store.opened().went_back || !store.check()) return {};
  std::string all = store.opened().installation + std::to_string(store.opened().next_position);
  struct Rebuilt {
    Customer customer;
    Position last = 0;
  };
  std::map<Key, Rebuilt> customers;
  bool good = true;
  const auto reader = store.reader();
  const auto read = reader->entries(1, UINT64_MAX, [&](const StoredEntry& stored) {
    const auto entry = decode_entry(stored.body);
    good = good && entry.ok();
    if (!entry) return false;
    auto& [customer, last] = customers[stored.customer];
    customer.id = stored.customer;
    last = stored.position;
    apply_entry(customer, *entry, stored.body);
    all += stored.body;
    return true;
  });
  const auto snapshots = reader->customers([&](const Snapshot& one) {
    const auto rebuilt = customers.find(one.customer);
    good = rebuilt != customers.end();
    const bool last = good && rebuilt->second.last == one.last;
    good = good && (!last || encode_snapshot(rebuilt->second.customer) == one.body);
    return good;
  });
  return good && read && snapshots ? sha256_hex(all) : std::string();
}

std::string contents_of(const std::string& path) {
  auto store = open_store(path, plain_options());
  return store ? contents(**store) : std::string();
}

Verdict verdict_of(const std::string& path, const std::string& original) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::freopen("/dev/null", "w", stderr);
    const std::string found = contents_of(path);
    ::_exit(found.empty() ? 1 : found == original ? 0 : 2);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (!WIFEXITED(status)) return Verdict::ended;
  return WEXITSTATUS(status) == 0   ? Verdict::same
         : WEXITSTATUS(status) == 1 ? Verdict::found
                                    : Verdict::missed;
}

void copy_store(const std::string& from, const std::string& to) {
  for (const char* part : {"", "-wal", "-lock", "-marks"}) {
    fs::remove(to + part);
    if (fs::exists(from + part)) fs::copy_file(from + part, to + part);
  }
  fs::remove(to + "-shm");
}

// Where, and what it became.
std::string flip(const std::string& path, Random& random) {
  const auto size = static_cast<uint64_t>(fs::file_size(path));
  const uint64_t at = random.next() % size;
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const int before = file.get();
  const int after = before ^ static_cast<int>(1 + random.next() % 255);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(static_cast<char>(after));
  return fmt::format("{} byte {}: {:02x} to {:02x}", fs::path(path).filename().string(), at, before,
                     after);
}

struct Count {
  int same = 0, found = 0, ended = 0;
  std::vector<std::string> missed;
};

Count flip_often(const Shop& shop, const std::string& part, int times, Random& random) {
  const std::string copy = shop.path("copy.db");
  copy_store(shop.store(), copy);
  const std::string original = contents_of(copy);
  REQUIRE_FALSE(original.empty());
  Count count;
  for (int i = 0; i < times; ++i) {
    copy_store(shop.store(), copy);
    const std::string what = flip(copy + part, random);
    switch (verdict_of(copy, original)) {
      case Verdict::same: ++count.same; break;
      case Verdict::found: ++count.found; break;
      case Verdict::ended: ++count.ended; break;
      case Verdict::missed: count.missed.push_back(what);
    }
  }
  return count;
}

void report(const char* what, const Count& count) {
  WARN(what << ": " << count.same << " in bytes that say nothing, " << count.found << " found, "
            << count.ended << " found by an assertion, " << count.missed.size() << " missed");
}

}  // namespace

TEST_CASE("a changed byte of the store is found", "[flip]") {
  const uint64_t seed = setting("RELANCE_STORM_SEED", SystemRandom().next());
  WARN("RELANCE_STORM_SEED=" << seed << " repeats these bytes");
  SeededRandom random(seed);
  const int times = setting("RELANCE_STORM_LONG", 0) != 0 ? 5000 : 100;
  Shop shop("flip", "lookup");
  {
    const auto child = shop.start();
    REQUIRE_FALSE(shop.give(*child, 500, 500));
    REQUIRE_FALSE(shop.give(*child, 500, 0));  // until its last commit is acknowledged
    child->kill();
    shop.source().look();
  }
  const Count log = flip_often(shop, "-wal", times, random);
  report("write-ahead log", log);
  CHECK(log.missed.empty());
  shop.finish();
  const Count file = flip_often(shop, "", times, random);
  report("file", file);
  for (const std::string& one : file.missed) UNSCOPED_INFO(one);
  CHECK(file.missed.empty());
}

TEST_CASE("a changed byte of the crash marks repeats no effect", "[flip]") {
  SeededRandom random(SystemRandom().next());
  Shop shop("flip_marks", "blind");
  const std::string marks = shop.store() + "-marks";
  for (int i = 0; i < 12; ++i) {
    {
      const auto child = shop.start();
      do {  // the first one makes the marks; on a busy machine that takes its time
        REQUIRE_FALSE(shop.give(*child, 150, 1000));
      } while (!fs::exists(marks));
      child->kill();
      shop.source().look();
      check_crash(shop);
    }
    for (int flips = 0; flips < 500; ++flips) flip(marks, random);
  }
  shop.finish();
  check_closed(shop);
}
