#include "scenarios/books.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "base/clock.h"
#include "base/doc.h"
#include "base/process.h"
#include "core/run/rules.h"
#include "node/derived.h"
#include "node/marks.h"

namespace fs = std::filesystem;

namespace relance::test {
namespace {

// The marks as the next process would find them; the file is left as it is.
std::unique_ptr<Marks> copy_of_marks(const Shop& shop, const Store& store) {
  const std::string copy = shop.path("marks-copy");
  fs::copy_file(marks_path(shop.store()), copy, fs::copy_options::overwrite_existing);
  const Opened& opened = store.opened();
  auto marks = Marks::open({copy, SystemProcess().boot_id(), opened.installation, opened.epoch + 1,
                            opened.epoch, SystemClock().now()});
  REQUIRE(marks);
  return std::move(*marks);
}

void check_events(const Shop& shop, const History& history) {
  std::multiset<uint64_t> taken;
  size_t started = 0;
  for (const EventTaken& event : history.records<EventTaken>()) taken.insert(event.hash);
  for (const Entry& entry : history.entries) {
    const auto has = [&](auto wanted) {
      return std::any_of(entry.records.begin(), entry.records.end(), wanted);
    };
    const bool event = has([](const Record& r) { return std::holds_alternative<EventTaken>(r); });
    const bool run = has([](const Record& r) { return std::holds_alternative<RunStarted>(r); });
    if (event != run) FAIL_CHECK("an event without a run, or a run without an event");
    started += run;
  }
  const std::set<uint64_t> given = shop.source().hashes(false);
  CHECK((taken == std::multiset<uint64_t>(given.begin(), given.end())));
  CHECK(started == given.size());
  CHECK(history.live_runs() == 0);
}

// The CRM was told of every message that was delivered.
void check_told(const History& history, const Ledger& ledger) {
  for (const auto& [id, customer] : history.customers)
    for (const Touch& touch : customer.touches)
      if (touch.is_contact() && touch.outcome == "delivered")
        CHECK(ledger.told.contains(
            derive_key_of(id, {touch.key.view(), kTouchOutcome, touch.outcome.str()})));
}

// True: what the engine believes of this touch is what the provider did.
bool agrees(const Touch& touch, const Ledger& ledger, const std::string& delivery) {
  if (touch.open()) return false;
  if (touch.state == TouchState::parked) return delivery == "blind";
  return ledger.keys.contains(touch.key) == (touch.outcome != "failed");
}

}  // namespace

Ledger read_ledger(const Shop& shop) {
  Ledger ledger;
  std::ifstream file(shop.path("effects.jsonl"));
  for (std::string line; std::getline(file, line);) {
    const auto effect = from_json(line);
    REQUIRE(effect);
    const auto key = Key::parse(effect->view().find("key").text().value_or(""));
    REQUIRE(key);
    const bool news = effect->view().find("channel").text() == "crm";
    if (!(news ? ledger.told : ledger.keys).insert(*key).second) ++ledger.doubled;
  }
  return ledger;
}

std::unique_ptr<Store> look_into(const Shop& shop) {
  StoreOptions options;
  options.read_only = true;
  options.derive = entry_deriver();
  auto store = open_store(shop.store(), std::move(options));
  INFO((store ? "" : store.error().text()));
  REQUIRE(store);
  return std::move(*store);
}

AfterCrash check_crash(const Shop& shop) {
  AfterCrash found;
  if (shop.source().acknowledged() == 0) return found;  // it may not even be a store yet
  const auto store = look_into(shop);
  REQUIRE(store->check());
  const History history = replay(*store);
  std::set<uint64_t> taken;
  for (const EventTaken& event : history.records<EventTaken>()) taken.insert(event.hash);
  const std::set<uint64_t> acknowledged = shop.source().hashes(true);
  CHECK(std::includes(taken.begin(), taken.end(), acknowledged.begin(), acknowledged.end()));
  CHECK(shop.source().kept_twice() == 0);
  if (shop.delivery() != "repeatable") CHECK(read_ledger(shop).doubled == 0);
  const auto marks = copy_of_marks(shop, *store);
  for (const Touch& touch : history.touches()) {
    if (!touch.open()) continue;
    found.open.insert(touch.key);
    const Marks::Said said = marks->found(touch.key, touch.intended_at).said;
    const bool surely_not = said == Marks::Said::never_begun || said == Marks::Said::answered;
    if (!surely_not) found.on_wire.insert(touch.key);
  }
  return found;
}

Closed check_closed(const Shop& shop) {
  const auto store = look_into(shop);
  REQUIRE(store->check());
  const History history = replay_closed(*store);
  check_events(shop, history);
  const Ledger ledger = read_ledger(shop);
  Closed closed{ledger.keys.size(), ledger.doubled, 0, {}};
  if (shop.delivery() != "repeatable") CHECK(ledger.doubled == 0);
  check_told(history, ledger);
  std::set<Key> known;
  for (const Touch& touch : history.touches()) {
    INFO("touch " << touch.key.text() << ", " << touch_state_name(touch.state) << ", "
                  << touch.outcome.str() << ", " << touch.reason.str());
    known.insert(touch.key);
    closed.parked += touch.state == TouchState::parked;
    if (!agrees(touch, ledger, shop.delivery())) FAIL_CHECK("the provider did something else");
  }
  CHECK(std::includes(known.begin(), known.end(), ledger.keys.begin(), ledger.keys.end()));
  for (const TouchSettled& one : history.records<TouchSettled>())
    if (one.reason == "crash") closed.unknown.insert(one.key);
  return closed;
}

}  // namespace relance::test
