// Mortal: a life of the engine in the town that may end at any visit of a crash point. What would
// remain is copied there, and the life goes on; another life begins with what remained.
//
// A killed process leaves its store, its marks (the machine lives on) and the world outside; memory
// and what was under way are gone. Threads: one.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/crash_point.h"
#include "node/town.h"
#include "store/sqlite_store.h"

namespace relance::test {

// The n-th visit of a point in one life.
struct Visit {
  CrashPoint point = CrashPoint::count;
  int number = 0;
  auto operator<=>(const Visit&) const = default;
  std::string text() const {
    return std::string(crash_point_name(point)) + ":" + std::to_string(number);
  }
};

struct Circumstances {
  DeliveryClass delivery = DeliveryClass::keyed;
  bool marks = true;
  bool sqlite = false;     // the real store, in files; else one in memory
  bool crowded = false;    // no customer fits into memory for long
  bool shaken = false;     // two commits answer that they may or may not be durable
  int padding = 0;         // bytes that each event carries along
  bool overtaken = false;  // webhooks about touches come before the answers to their sends

  std::string text() const {
    std::string text(delivery_class_name(delivery));
    for (const auto& [is, name] : {std::pair{marks, "marks"},
                                   {sqlite, "sqlite"},
                                   {crowded, "crowded"},
                                   {shaken, "shaken"},
                                   {overtaken, "overtaken"},
                                   {padding > 0, "padded"}})
      if (is) text += std::string(", ") + name;
    return text;
  }
};

// What an end leaves.
struct Remains {
  std::vector<Visit> ends;  // how it came to this
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::map<std::string, std::string> files;  // of the store's folder
  World world;
  std::set<std::string> acknowledged;  // events whose source was told that they are kept
  std::map<Key, std::string> to_tell;  // webhooks that were not: touch -> channel
  Instant at = kMonday;

  std::string text() const {
    std::string text;
    for (const Visit& end : ends) text += (text.empty() ? "" : ", then ") + end.text();
    return text;
  }
};

class Mortal final : public CrashWatch {
 public:
  Mortal(const Rules& rules, Circumstances circumstances, Remains from)
      : rules_(rules), how_(circumstances), now_(std::move(from)) {
    now_.world.under_way.clear();
    write_files();
  }
  ~Mortal() override { std::filesystem::remove_all(folder()); }
  Mortal(const Mortal&) = delete;
  Mortal& operator=(const Mortal&) = delete;

  std::map<CrashPoint, int> visits;
  std::set<Visit> wanted;    // ends to be copied
  std::vector<Remains> cut;  // what they leave

  // From the opening of the store to its clean end; every event is offered until it is kept.
  History live(int customers) {
    CrashWatch* before = watch_crash_points(this);
    Town town(rules_, now_.world, options());
    REQUIRE(town.node);
    town_ = &town;
    offer_all(town, customers);
    if (how_.overtaken) overtake(town);
    maintain_now_and_then(town);
    REQUIRE(town.run());
    REQUIRE(town.node->close());
    watch_crash_points(before);
    town_ = nullptr;
    REQUIRE(town.node->store().check());
    return replay_closed(town.node->store());
  }

  const World& world() const { return now_.world; }
  const std::set<std::string>& acknowledged() const { return now_.acknowledged; }

  void visit(CrashPoint point) override {
    const Visit here{point, ++visits[point]};
    if (!wanted.contains(here)) return;
    Remains remains = now_;
    remains.ends.push_back(here);
    remains.disk = how_.sqlite ? std::make_shared<MemoryDisk>() : now_.disk->copy();
    remains.files = read_files();
    if (town_) remains.at = town_->clock.now();
    cut.push_back(std::move(remains));
  }

 private:
  static std::filesystem::path folder() {
    const std::string own = "crash_points_test-" + std::to_string(::getpid());
    return std::filesystem::path(RELANCE_BUILD_DIR) / own;
  }
  static std::string path_of(const std::string& name) { return (folder() / name).string(); }

  void write_files() const {
    std::filesystem::remove_all(folder());
    std::filesystem::create_directories(folder());
    for (const auto& [name, bytes] : now_.files)
      std::ofstream(path_of(name), std::ios::binary) << bytes;
  }

  // The index of the log is memory that processes share: it dies with them.
  static std::map<std::string, std::string> read_files() {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with("-shm")) continue;
      std::ostringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      files[name] = text.str();
    }
    return files;
  }

  TownOptions options() {
    TownOptions options;
    options.start = now_.at;
    options.disk = now_.disk;
    if (how_.marks) options.node.marks_path = path_of("marks");
    if (how_.crowded) options.node.hot_bytes = 1;
    if (how_.sqlite)
      options.store = [](StoreOptions how) {
        how.rehearsal = true;  // a killed process loses nothing of what it wrote
        how.late_entries = 6;
        return SqliteStore::open(path_of("store.db"), std::move(how));
      };
    if (how_.shaken) {
      auto plan = std::make_shared<FaultPlan>();
      plan->faults = {{6, Fault::Kind::unknown_kept}, {11, Fault::Kind::unknown_lost}};
      options.over = [plan](std::unique_ptr<Store> store) {
        return make_faulty_store(std::move(store), plan);
      };
    }
    return options;
  }

  // Its source offers an event again until it was told that it is kept.
  void offer_all(Town& town, int customers) {
    for (int i = 0; i < customers; ++i) {
      const std::string subject = "c-" + std::to_string(i), id = "failed-" + std::to_string(i);
      if (now_.acknowledged.contains(id)) continue;
      town.drive.call_at(
          kMonday + minutes(20 * i), [this, &town, subject, id] { offer(town, subject, id); },
          false);
    }
  }

  void offer(Town& town, const std::string& subject, const std::string& id) {
    const Doc data = Doc::record({{"invoice_id", Doc::text(id)},
                                  {"amount", Doc::money({4900, *Currency::parse("EUR")})},
                                  {"note", Doc::text(std::string(size_t(how_.padding), 'x'))}});
    town.node->accept({id, "test", "payment.failed", subject, town.clock.now(), data, 0, {}},
                      [this, id](Accepted how) {
                        if (how != Accepted::refused) now_.acknowledged.insert(id);
                      });
  }

  // The provider tells of each touch as soon as it has acted, by its own id only, and again until
  // somebody takes it.
  void overtake(Town& town) {
    town.provider->acted = [this, &town](const TouchOrder& order) {
      if (!now_.to_tell.emplace(order.touch.key, order.touch.channel.str()).second) return;
      tell(town, order.touch.key);
    };
    town.provider->answers_after = [](const Key&) { return minutes(5); };
    for (const auto& [touch, channel] : now_.to_tell)
      town.drive.call_at(
          town.clock.now(), [this, &town, touch = touch] { tell(town, touch); }, false);
  }

  void tell(Town& town, const Key& touch) {
    const auto waits = now_.to_tell.find(touch);
    if (waits == now_.to_tell.end() || waits->second.empty()) return;
    PluginEvent event;
    event.channel = waits->second;
    event.id = "told-" + touch.text();
    event.type = "email.opened";
    event.at = town.clock.now();
    event.reference = touch.text();
    event.data = Doc::empty_record();
    town.node->deliver_event(std::move(event), [this, &town, touch](EventFate fate) {
      if (fate == EventFate::kept) {
        now_.to_tell[touch].clear();
        return;
      }
      town.drive.call_at(
          town.clock.now() + minutes(1), [this, &town, touch] { tell(town, touch); }, false);
    });
  }

  static void maintain_now_and_then(Town& town) {
    for (int hour = 0; hour < 12; ++hour)
      town.drive.call_at(
          town.clock.now() + hours(hour) + minutes(7),
          [&town] {
            for (int i = 0; i < 8 && *town.node->maintain(); ++i) {
            }
          },
          false);
  }

  const Rules& rules_;
  const Circumstances how_;
  Remains now_;
  Town* town_ = nullptr;
};

}  // namespace relance::test
