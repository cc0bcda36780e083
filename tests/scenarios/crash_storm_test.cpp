// The crash storm: a real `relance run` on SQLite with the sandbox provider takes 2,000 events a
// second from a source that remembers what was acknowledged. It is killed at random instants and
// started again, for each delivery class. After each kill the store is read and compared with the
// source and with the effect ledger, which the provider wrote.
//
// `./dev storm --kills N` runs more of them: RELANCE_STORM_KILLS. RELANCE_STORM_SEED repeats the
// instants.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/random.h"
#include "scenarios/books.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kPerSecond = 2000;
constexpr int kKillsOfAShop = 13;  // then a new one, so that reading it whole stays quick
// A life must be long enough to begin sending, and short enough to be killed amid it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kShortestLifeMs = 200, kLongestLifeMs = 2000;
#else
constexpr int kShortestLifeMs = 30, kLongestLifeMs = 400;
#endif

struct Figures {
  size_t kills = 0, events = 0, effects = 0, doubled = 0, open = 0, on_wire = 0, unknown = 0,
         parked = 0, most_unknown = 0;

  void add(const Figures& more) {
    kills += more.kills;
    events += more.events;
    effects += more.effects;
    doubled += more.doubled;
    open += more.open;
    on_wire += more.on_wire;
    unknown += more.unknown;
    parked += more.parked;
    most_unknown = std::max(most_unknown, more.most_unknown);
  }
  std::string text() const {
    const auto each = [&](size_t count) { return static_cast<double>(count) / double(kills); };
    return fmt::format(
        "{} kills, {} events, {} effects, {} doubled; a kill left {:.1f} intents without outcome, "
        "{:.1f} of them on the wire, {:.1f} unknown (at most {}); {} parked",
        kills, events, effects, doubled, each(open), each(on_wire), each(unknown), most_unknown,
        parked);
  }
};

// A shop's life over some kills and a clean end.
Figures live(Shop& shop, int kills, Random& random) {
  Figures figures;
  std::set<Key> on_wire;
  for (int i = 0; i < kills; ++i) {
    const auto child = shop.start();
    const auto life = kShortestLifeMs + random.next() % (kLongestLifeMs - kShortestLifeMs);
    const bool ended = shop.give(*child, static_cast<int>(life), kPerSecond);
    INFO(shop.delivery() << ": " << shop.log());
    REQUIRE_FALSE(ended);
    child->kill();
    shop.source().look();
    const AfterCrash left = check_crash(shop);
    figures.open += left.open.size();
    figures.on_wire += left.on_wire.size();
    figures.most_unknown = std::max(figures.most_unknown, left.on_wire.size());
    on_wire.insert(left.on_wire.begin(), left.on_wire.end());
    ++figures.kills;
  }
  shop.finish();
  const Closed closed = check_closed(shop);
  // Unknown became only what was on the wire when the process was killed.
  CHECK(
      std::includes(on_wire.begin(), on_wire.end(), closed.unknown.begin(), closed.unknown.end()));
  figures.events = shop.source().made();
  figures.effects = closed.effects;
  figures.doubled = closed.doubled;
  figures.unknown = closed.unknown.size();
  figures.parked = closed.parked;
  return figures;
}

}  // namespace

TEST_CASE("kill -9 under load loses nothing acknowledged and repeats no effect", "[storm][S1-47]") {
  const uint64_t seed = setting("RELANCE_STORM_SEED", SystemRandom().next());
  const uint64_t kills = setting("RELANCE_STORM_KILLS", 50);
  WARN("RELANCE_STORM_SEED=" << seed << " repeats the instants of these kills");
  SeededRandom random(seed);
  const std::vector<std::string> classes{"keyed", "lookup", "blind", "repeatable"};
  std::map<std::string, Figures> figures;
  uint64_t done = 0;
  for (size_t turn = 0; done < kills; ++turn) {
    Shop shop("kills", classes[turn % classes.size()]);
    const auto now = static_cast<int>(std::min<uint64_t>(kKillsOfAShop, kills - done));
    figures[shop.delivery()].add(live(shop, now, random));
    done += static_cast<uint64_t>(now);
    if (kills > 50) fmt::print(stderr, "{} of {} kills\n", done, kills);
  }
  size_t unknown = 0;
  for (const auto& [delivery, of] : figures) {
    WARN(delivery << ": " << of.text());
    unknown += of.unknown;
  }
  CHECK(unknown > 0);  // else the storm has hit nothing
}
