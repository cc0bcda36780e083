// The crash storm: a real `relance run` on SQLite with the sandbox provider is killed at random
// instants and started again, for each delivery class. Then the effect ledger, which the provider
// wrote, is compared with what the store believes.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/clock.h"
#include "base/doc.h"
#include "base/process.h"
#include "base/random.h"
#include "node/derived.h"
#include "scenarios/child_process.h"
#include "support/replay.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

constexpr int kEventsALife = 120;
// A life must be long enough to begin sending, and short enough to be killed amid it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kLongestLifeMs = 2000;
#else
constexpr int kLongestLifeMs = 320;
#endif
constexpr int kLastLifeMs = 90'000;

std::string read_text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// One installation in a folder of its own: bundle, events, store, effect ledger.
struct Storm {
  Storm(const fs::path& below, std::string delivery) : delivery_class(std::move(delivery)) {
    home = below / delivery_class;
    fs::create_directories(home);
    fs::copy(fs::path(RELANCE_SOURCE_DIR) / "tests/scenarios/bundles/crash", home / "bundle",
             fs::copy_options::recursive);
    std::string bundle = read_text(home / "bundle/bundle.lua");
    const size_t at = bundle.find("\"CLASS\"");
    REQUIRE(at != std::string::npos);
    bundle.replace(at + 1, 5, delivery_class);
    std::ofstream(home / "bundle/bundle.lua") << bundle;
  }

  std::string delivery_class;
  fs::path home;
  int events = 0, kills = 0;
  std::set<uint64_t> hashes;

  // Several customers, several invoices each; each event starts a run.
  void add_events() {
    std::ofstream file(home / "events.jsonl", std::ios::app);
    const std::string now = format_instant(SystemClock().now());
    for (int i = 0; i < kEventsALife; ++i, ++events) {
      const std::string id = fmt::format("e-{}", events),
                        subject = fmt::format("c-{}", events % 61);
      file << fmt::format(
          R"({{"specversion":"1.0","id":"{}","source":"/storm","type":"payment.failed",)"
          R"("time":"{}","subject":"{}","data":{{"invoice_id":"i-{}",)"
          R"("amount":{{"minor":900,"currency":"EUR"}},"context":"recurring","attempt_no":1,)"
          R"("decline":{{"provider":"stripe","raw_code":"expired_card"}}}}}})"
          "\n",
          id, now, subject, events);
      hashes.insert(event_hash("storm", subject, "/storm", id));
    }
  }

  std::unique_ptr<ChildProcess> start() const {
    const std::vector<std::string> command{std::string(RELANCE_BUILD_DIR) + "/bin/relance",
                                           "run",
                                           home / "bundle",
                                           "--events",
                                           home / "events.jsonl",
                                           "--store",
                                           home / "store.db",
                                           "--effects",
                                           home / "effects.jsonl",
                                           "--clock",
                                           "real",
                                           "--sandbox"};
    return std::make_unique<ChildProcess>(command, home / "log");
  }

  void live_and_die(int after_ms) {
    add_events();
    const auto child = start();
    if (child->ends_within(after_ms)) {
      INFO(delivery_class << ": " << read_text(home / "log"));
      REQUIRE(child->exit() == 0);
      return;
    }
    child->kill();
    ++kills;
  }
};

struct Ledger {
  std::set<Key> keys;
  size_t doubled = 0;
};

Ledger read_ledger(const Storm& storm) {
  Ledger ledger;
  std::ifstream file(storm.home / "effects.jsonl");
  for (std::string line; std::getline(file, line);) {
    const auto effect = from_json(line);
    REQUIRE(effect);
    const auto key = Key::parse(effect->view().find("key").text().value_or(""));
    REQUIRE(key);
    if (!ledger.keys.insert(*key).second) ++ledger.doubled;
  }
  return ledger;
}

void check_events(const Storm& storm, const History& history) {
  std::multiset<uint64_t> taken;
  size_t started = 0;
  for (const EventTaken& event : history.records<EventTaken>()) taken.insert(event.hash);
  for (const Entry& entry : history.entries) {
    const auto has = [&](auto wanted) {
      return std::any_of(entry.records.begin(), entry.records.end(), wanted);
    };
    const bool event = has([](const Record& r) { return std::holds_alternative<EventTaken>(r); });
    const bool run = has([](const Record& r) { return std::holds_alternative<RunStarted>(r); });
    CHECK(event == run);
    started += run;
  }
  CHECK(taken == std::multiset<uint64_t>(storm.hashes.begin(), storm.hashes.end()));
  CHECK(started == storm.hashes.size());
  CHECK(history.live_runs() == 0);
}

// What the provider did and what the engine believes.
void check_effects(const Storm& storm, const History& history) {
  const Ledger ledger = read_ledger(storm);
  const std::string& delivery = storm.delivery_class;
  if (delivery != "repeatable") CHECK(ledger.doubled == 0);
  std::set<Key> known;
  size_t parked = 0;
  for (const Touch& touch : history.touches()) {
    INFO("touch " << touch.key.text() << ", " << touch_state_name(touch.state) << ", "
                  << touch.outcome << ", " << touch.reason);
    known.insert(touch.key);
    CHECK_FALSE(touch.open());
    const bool happened = ledger.keys.contains(touch.key);
    if (touch.state == TouchState::parked) {
      ++parked;
      CHECK(delivery == "blind");
    } else {
      CHECK(happened == (touch.outcome != "failed"));
    }
  }
  for (const Key& key : ledger.keys) {
    INFO("effect " << key.text());
    CHECK(known.contains(key));
  }
  const auto settled = history.records<TouchSettled>();
  const auto unknown = std::count_if(settled.begin(), settled.end(),
                                     [](const TouchSettled& one) { return one.reason == "crash"; });
  CHECK(unknown > 0);  // else the storm has hit nothing
  WARN(fmt::format("{}: {} kills, {} events, {} effects, {} doubled, {} unknown, {} parked",
                   delivery, storm.kills, storm.events, ledger.keys.size(), ledger.doubled, unknown,
                   parked));
}

uint64_t storm_seed() {
  const auto given = SystemProcess().environment("RELANCE_STORM_SEED");
  return given ? std::stoull(*given) : SystemRandom().next();
}

}  // namespace

TEST_CASE("fifty kills lose no event, repeat no effect, and leave nothing unknown",
          "[crash][storm]") {
  const uint64_t seed = storm_seed();
  WARN("RELANCE_STORM_SEED=" << seed << " repeats the instants of these kills");
  SeededRandom random(seed);
  const fs::path below = fs::path(RELANCE_BUILD_DIR) / "storm";
  fs::remove_all(below);
  std::vector<std::unique_ptr<Storm>> storms;
  for (const char* delivery : {"keyed", "lookup", "blind", "repeatable"})
    storms.push_back(std::make_unique<Storm>(below, delivery));

  int kills = 0;
  for (size_t turn = 0; kills < 50; ++turn) {
    Storm& storm = *storms[turn % storms.size()];
    const int before = storm.kills;
    storm.live_and_die(static_cast<int>(30 + random.next() % (kLongestLifeMs - 30)));
    kills += storm.kills - before;
    REQUIRE(turn < 400);
  }

  std::vector<std::unique_ptr<ChildProcess>> last;
  for (const auto& storm : storms) last.push_back(storm->start());
  for (size_t i = 0; i < storms.size(); ++i) {
    const Storm& storm = *storms[i];
    INFO(storm.delivery_class << ": " << read_text(storm.home / "log"));
    REQUIRE(last[i]->ends_within(kLastLifeMs));
    REQUIRE(last[i]->exit() == 0);
    StoreOptions options;
    options.read_only = true;
    options.derive = entry_deriver();
    auto store = open_store(storm.home / "store.db", std::move(options));
    REQUIRE(store);
    REQUIRE((*store)->check());
    const History history = replay_closed(**store);
    check_events(storm, history);
    check_effects(storm, history);
  }
}
