// The plan of a seed: what kind of world it is and how much goes wrong in it. Everything else is
// drawn as it happens.
#pragma once

#include <string>
#include <vector>

#include "core/state/touch.h"
#include "sim/world/chance.h"

namespace relance {

// How a provider behaves; shares are percent of what it is asked.
struct ProviderPlan {
  std::string name, kind;  // "email", "email"; of a connector the kind is "connector"
  DeliveryClass delivery = DeliveryClass::keyed;
  bool can_look_up = true;
  Duration key_window;  // how long it honours a key
  Duration lag;         // until its index shows what it did
  Duration limit;       // after which nobody waits for its answer any more
  int most_in_flight = 64;
  int lost = 0, silent = 0, not_now = 0, failed = 0, refused = 0, blind_look_ups = 0;
  // A while in which it acts and nobody hears its answers: silence since the start of the world.
  Duration mute_from, mute_for;
  // What the engine is told of the lag: from when it gives up to when a look-up tells the truth.
  // What was on the wire at that moment may still arrive.
  Duration declared_lag() const { return lag + limit; }
};

struct Plan {
  uint64_t seed = 0;
  bool shipped = false;  // the repository's bundle; else a made one
  uint64_t bundle = 0;   // which made one
  int customers = 0;
  int talkative = 0;      // percent of customers of whom many small events come
  Duration span;          // events come for so long
  bool real_time = true;  // slots are taken inside decisions
  bool marks = true;      // crash marks lie in the machine's memory
  int shards = 1;
  uint64_t hot_bytes = 0, tail_entries = 0;
  double lane_per_second = 0;

  // One in so many visits of a seam kills the process; 0: none does.
  int64_t death = 0;
  int most_deaths = 0;
  int power_losses = 0;  // percent of deaths that take the machine's memory along
  Duration longest_outage;
  // One in so many commits; 0: never.
  int64_t unknown = 0, full = 0, taken_over = 0, io_error = 0;
  bool goes_back = false;
  int64_t short_of_space = 0;  // the store lives on its reserve for a while
  int other_build = 0;         // percent of starts that come with other plugins
  int64_t clock_set = 0;       // one in so many quiet moments
  int64_t stalls = 0;          // one in so many steps takes a while
  int pauses = 0;              // percent of an operator's looks that may pause something

  std::vector<ProviderPlan> channels, connectors;
};

// Channels and connectors are filled in by the bundle (bundles.h).
Plan make_plan(uint64_t seed);
// What is like a provider of this kind; `class_name` as the bundle's entry asks for, or empty.
ProviderPlan make_provider(Chance& chance, std::string name, std::string kind,
                           std::string_view class_name);

}  // namespace relance
