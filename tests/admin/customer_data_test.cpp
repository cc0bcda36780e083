// What is kept of one customer among all, also under other names.
#include "admin/customer_data.h"

#include <catch2/catch.hpp>

#include "core/customer/early_event.h"
#include "store/memory_store.h"

using namespace relance;

namespace {

const Key kAnn = customer_key("shop", "ann"), kBen = customer_key("shop", "ben");

Sealed named(const Key& customer, std::string_view subject) {
  return seal(customer, Doc::record({{"subject", Doc::text(subject)}}).bytes());
}

struct Shop {
  Shop() {
    StoreOptions options;
    options.installation_seed = "test";
    options.derive = [](const Key&, std::string_view) { return Derived{}; };
    store =
        std::move(open_memory_store(std::make_shared<MemoryDisk>(), std::move(options)).value());
    meet(kAnn, "ann");
    meet(kBen, "ben");
  }
  void write(const Key& customer, std::vector<Record> records) {
    Entry entry;
    entry.customer = customer;
    entry.at = *parse_instant("2026-01-05T10:00:00Z");
    entry.records = std::move(records);
    NewEntry fresh;
    fresh.customer = customer;
    fresh.position = ++position;
    fresh.previous = std::exchange(last[customer], position);
    fresh.body = encode_entry(entry);
    Batch batch;
    batch.epoch = store->opened().epoch;
    batch.at = entry.at;
    batch.entries.push_back(std::move(fresh));
    REQUIRE(store->commit(batch) == CommitOutcome::ok);
  }
  void meet(const Key& customer, std::string_view subject) {
    write(customer, {CustomerMet{named(customer, subject)}});
  }
  std::unique_ptr<Archive> archive() const { return std::move(Archive::open(*store).value()); }

  std::unique_ptr<Store> store;
  Position position = 0;
  std::map<Key, Position> last;
};

}  // namespace

TEST_CASE("a customer is found by his name and by his pseudonym") {
  Shop shop;
  const auto archive = shop.archive();
  CHECK(*find_customer(*archive, "ann") == kAnn);
  CHECK(*find_customer(*archive, kBen.text()) == kBen);
  CHECK_FALSE(find_customer(*archive, "cyd")->has_value());
  CHECK_FALSE(find_customer(*archive, customer_key("shop", "cyd").text())->has_value());
}

TEST_CASE("an event that waited for a customer's touch is kept beside him, and so is his address",
          "[S0-33]") {
  Shop shop;
  const std::string waits = early_subject("email", "p-1");
  const Key actor = customer_key("shop", waits);
  const Key address = customer_key("shop", "address:ann@example.com");
  const Key touch = derive_key_of(kAnn, {"touch"});
  shop.meet(actor, waits);
  shop.write(actor, {EventWaited{5, touch}});
  shop.meet(address, "address:ann@example.com");
  shop.meet(customer_key("shop", "address:ben@example.com"), "address:ben@example.com");
  shop.write(
      kAnn,
      {ProfileRead{seal(kAnn, Doc::record({{"email", Doc::text("ann@example.com")}}).bytes())}});
  const auto archive = shop.archive();
  auto beside = kept_beside(*archive, kAnn);
  REQUIRE(beside);
  std::vector<Key> expected{actor, address};
  std::sort(expected.begin(), expected.end());
  CHECK(*beside == expected);
  CHECK(kept_beside(*archive, kBen)->empty());
}
