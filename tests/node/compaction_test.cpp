// Old history that was summed up: everybody is who he was, what runs goes on, and the rest is gone.
#include "node/compaction.h"

#include <sys/wait.h>

#include <filesystem>

#include "node/rebuild_check.h"
#include "node/town.h"
#include "store/failing_disk.h"
#include "store/sqlite_store.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kCustomers = 20;

// A store in a file: a busy day, a hundred quiet ones, and one more customer.
struct OldTown {
  const std::string folder = std::string(RELANCE_BUILD_DIR) + "/compaction_test";
  const std::string path = folder + "/store.db";
  std::unique_ptr<FakeRules> rules = recovery_rules();
  World world;

  OldTown() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    {
      const auto town = open();
      town->usual_day(kCustomers);
      town->drive.call_at(
          kMonday + days(100),
          [&] {
            town->payment_failed("late", "i-late");
            town->payment_failed("c-1", "i-again");
          },
          false);
      REQUIRE(town->run(kMonday + days(100) + hours(1)));  // two runs wait
      REQUIRE(town->node->close());
    }
  }
  ~OldTown() { std::filesystem::remove_all(folder); }

  std::unique_ptr<Town> open() {
    TownOptions options;
    options.store = [this](StoreOptions how) { return open_store(path, std::move(how)); };
    auto town = std::make_unique<Town>(*rules, world, options);
    REQUIRE(town->node);
    return town;
  }

  Result<Compacted> compact() { return compact_history(path, days(35), {}); }
};

std::map<Key, std::string> everybody(const OldTown& town) {
  StoreOptions how;
  how.read_only = true;
  how.derive = entry_deriver();
  auto store = open_store(town.path, std::move(how));
  REQUIRE(store);
  REQUIRE((*store)->check());
  REQUIRE(check_rebuild(**store, {}));
  std::map<Key, std::string> found;
  const auto reader = (*store)->reader();
  REQUIRE(reader->customers([&](const Snapshot& one) {
    const auto whole = complete(*reader, one.customer,
                                StoredCustomer{one.body, one.last, *one.holds, one.next_due});
    REQUIRE(whole);
    found[one.customer] = encode_snapshot(whole->customer);
    return true;
  }));
  return found;
}

// From entries alone.
std::map<Key, std::string> rebuilt(const OldTown& town) {
  StoreOptions how;
  how.read_only = true;
  how.derive = entry_deriver();
  auto store = open_store(town.path, std::move(how));
  REQUIRE(store);
  std::map<Key, Customer> customers;
  REQUIRE((*store)->reader()->entries(1, UINT64_MAX, [&](const StoredEntry& stored) {
    const auto entry = decode_entry(stored.body);
    REQUIRE(entry);
    Customer& customer = customers[stored.customer];
    customer.id = stored.customer;
    apply_entry(customer, *entry, stored.body);
    return true;
  }));
  std::map<Key, std::string> found;
  for (const auto& [id, customer] : customers) found[id] = encode_snapshot(customer);
  return found;
}

}  // namespace

TEST_CASE("whoever's history was summed up is who he was, and what waits goes on") {
  OldTown old;
  const auto before = everybody(old);
  const auto done = old.compact();
  REQUIRE(done);
  CHECK(done->customers == kCustomers);
  CHECK(done->entries_removed > 5 * kCustomers);
  CHECK(done->bytes_after < done->bytes_before);
  CHECK(everybody(old) == before);
  CHECK(rebuilt(old) == before);
  const auto again = old.compact();
  REQUIRE(again);
  CHECK(again->entries_removed == 0);

  const auto town = old.open();
  const size_t sent = old.world.sent.size();
  town->payment_failed("late", "i-late");  // known still
  REQUIRE(town->run());
  CHECK(town->duplicates == 1);
  CHECK(old.world.sent.size() >=
        sent + 3);  // both waited for a charge, and one at least for a mail
  CHECK(old.world.doubled == 0);
  REQUIRE(town->node->close());
  REQUIRE(town->node->store().check());
  size_t live = 0;
  REQUIRE(town->node->store().reader()->customers([&](const Snapshot& one) {
    live += decode_snapshot(one.body)->runs.size();
    return true;
  }));
  CHECK(live == 0);
}

TEST_CASE("summing up that is killed at any write leaves a whole store, and is taken up again") {
  int killed = 0;
  for (int writes = 0; writes < 600; writes += 7) {
    OldTown old;
    const auto before = everybody(old);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      store_test::FailingDisk disk;
      disk.die_at_write(writes);
      _exit(old.compact() ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    INFO("killed at write " << writes);
    CHECK(everybody(old) == before);
    if (WIFEXITED(status)) {
      CHECK(WEXITSTATUS(status) == 0);
      break;
    }
    ++killed;
    REQUIRE(old.compact());
    CHECK(everybody(old) == before);
    CHECK(rebuilt(old) == before);
  }
  CHECK(killed > 5);
}

TEST_CASE("history is not cut while an engine runs, nor shorter than answers are waited for") {
  OldTown old;
  const auto too_little = compact_history(old.path, days(34), {});
  REQUIRE_FALSE(too_little);
  CHECK(too_little.error().code == Code::usage);
  const auto town = old.open();
  const auto in_use = old.compact();
  REQUIRE_FALSE(in_use);
  CHECK(in_use.error().code == Code::store_in_use);
}
