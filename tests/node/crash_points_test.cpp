// The engine ends at a named point, and what remains begins anew; also when it ends again while it
// recovers, or after. Every point, crossed with the four delivery classes; of the pairs a sample,
// all of them with `node_test "[crash-pairs]"`.
#include <catch2/catch.hpp>

#include "node/mortal.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kCustomers = 4;

// Those that the town does not come to: there are no plugins, and a bundle is nothing but rules.
// tests/scenarios ends the real program there.
const std::set<CrashPoint> kOfTheProgram = {
    CrashPoint::plugin_before_send, CrashPoint::plugin_sent,        CrashPoint::plugin_completed,
    CrashPoint::generation_kept,    CrashPoint::backup_written,     CrashPoint::restore_copied,
    CrashPoint::restore_held,       CrashPoint::restore_kept_aside, CrashPoint::compacted_some,
    CrashPoint::reload_checked,     CrashPoint::generation_active};

bool of_the_file(CrashPoint point) { return point >= CrashPoint::schema_made; }

std::set<CrashPoint> reached;

void note_reached(const Mortal& life) {
  for (const auto& [point, count] : life.visits) reached.insert(point);
}

// Nothing acknowledged is lost, nothing happened twice that may not, every run ended.
void check_end(const Mortal& life, const History& history, DeliveryClass delivery) {
  CHECK(history.records<RunStarted>().size() == kCustomers);
  CHECK(history.live_runs() == 0);
  CHECK(life.acknowledged().size() == kCustomers);
  if (delivery != DeliveryClass::repeatable) CHECK(life.world().doubled == 0);
  std::set<Key> known;
  for (const Touch& touch : history.touches()) {
    known.insert(touch.key);
    CHECK_FALSE(touch.open());
    const bool done = life.world().done.contains(touch.key);
    if (touch.state == TouchState::parked)
      CHECK(delivery == DeliveryClass::blind);
    else
      CHECK(done == (touch.outcome != "failed"));
  }
  CHECK(known.size() >= 2 * kCustomers);
  for (const auto& [key, result] : life.world().done) CHECK(known.contains(key));
}

// What the provider told by its own id only reached the touch's customer once, also where it
// overtook the answer that brought this id; without such an answer it was given up.
void check_told(const History& history) {
  std::map<Key, int> told;
  for (const EventTaken& event : history.records<EventTaken>())
    if (event.touch) ++told[event.touch];
  std::set<Key> known;
  for (const TouchSettled& settled : history.records<TouchSettled>())
    if (!settled.reference_hashes.empty()) known.insert(settled.key);
  for (const Key& touch : known) CHECK(told[touch] == 1);
  for (const auto& [touch, times] : told) CHECK(known.contains(touch));
  for (const auto& [key, customer] : history.customers) CHECK(customer.early->empty());
}

class Storm {
 public:
  explicit Storm(Circumstances how)
      : how_(how), rules_(recovery_rules(how.delivery, how.delivery != DeliveryClass::blind)) {}

  size_t lives = 0;

  // A life without an end of its own; then the same, copied at the visits that are wanted.
  std::vector<Remains> first_lives(const std::function<bool(CrashPoint)>& looked_at) {
    const std::map<CrashPoint, int> visits = live({}, {}).visits;
    std::set<Visit> wanted;
    for (const auto& [point, count] : visits) {
      if (!looked_at(point)) continue;
      for (int number : {1, (count + 1) / 2, count}) wanted.insert({point, number});
    }
    return live({}, std::move(wanted)).cut;
  }

  // Goes on from there; gives what would remain at the first visit of each point.
  std::vector<Remains> next_lives(const Remains& from) {
    std::set<Visit> wanted;
    for (size_t i = 0; i < kCrashPoints; ++i) wanted.insert({static_cast<CrashPoint>(i), 1});
    return live(from, std::move(wanted)).cut;
  }

  void last_life(const Remains& from) { live(from, {}); }

 private:
  struct Lived {
    std::map<CrashPoint, int> visits;
    std::vector<Remains> cut;
  };

  Lived live(const Remains& from, std::set<Visit> wanted) {
    ++lives;
    INFO(how_.text() << "; " << from.text());
    Mortal life(*rules_, how_, from);
    life.wanted = std::move(wanted);
    const History history = life.live(kCustomers);
    check_end(life, history, how_.delivery);
    if (how_.overtaken) check_told(history);
    note_reached(life);
    return {std::move(life.visits), std::move(life.cut)};
  }

  const Circumstances how_;
  const std::unique_ptr<FakeRules> rules_;
};

// One of so many pairs is tried, the same ones each time.
bool sampled(const Remains& pair, const Circumstances& how, uint64_t one_of) {
  return derive_hash({"crash pair", pair.text(), how.text()}) % one_of == 0;
}

struct Tried {
  size_t lives = 0, pairs = 0;
  void operator+=(const Tried& more) {
    lives += more.lives;
    pairs += more.pairs;
  }
};

Tried end_everywhere(Circumstances how, const std::function<bool(CrashPoint)>& looked_at,
                     uint64_t one_of) {
  Storm storm(how);
  size_t pairs = 0;
  for (const Remains& once : storm.first_lives(looked_at)) {
    for (const Remains& twice : storm.next_lives(once)) {
      if (!sampled(twice, how, one_of)) continue;
      storm.last_life(twice);
      ++pairs;
    }
  }
  return {storm.lives, pairs};
}

constexpr std::array kClasses = {DeliveryClass::keyed, DeliveryClass::lookup, DeliveryClass::blind,
                                 DeliveryClass::repeatable};

Tried end_in_all_circumstances(uint64_t one_of) {
  Tried tried;
  for (DeliveryClass delivery : kClasses) {
    const auto any = [](CrashPoint) { return true; };
    tried += end_everywhere({.delivery = delivery, .shaken = true}, any, one_of);
    tried += end_everywhere({.delivery = delivery, .marks = false, .crowded = true}, any, one_of);
    tried += end_everywhere({.delivery = delivery, .sqlite = true}, of_the_file, one_of);
    tried += end_everywhere({.delivery = delivery, .shaken = true, .overtaken = true}, any, one_of);
  }
  const auto checkpoints = [](CrashPoint point) {
    return point == CrashPoint::checkpoint_begun || point == CrashPoint::checkpoint_done;
  };
  tried +=
      end_everywhere({.sqlite = true, .crowded = true, .padding = 2'200'000}, checkpoints, one_of);
  return tried;
}

}  // namespace

TEST_CASE("the engine may end at every point, in every class, and again while it recovers") {
  const Tried tried = end_in_all_circumstances(12);
  CHECK(tried.pairs >= 1000);
  for (size_t i = 0; i < kCrashPoints; ++i) {
    const auto point = static_cast<CrashPoint>(i);
    INFO(crash_point_name(point));
    CHECK(!crash_point_name(point).empty());
    CHECK(reached.contains(point) != kOfTheProgram.contains(point));
  }
}

TEST_CASE("the engine may end at every pair of points, in every class", "[.][crash-pairs]") {
  const Tried tried = end_in_all_circumstances(1);
  WARN(tried.lives << " lives, among them " << tried.pairs << " that ended twice before");
}
