// One seed of the deterministic simulation: the real node, run, gate, script and dispatch code on
// one thread behind its seams, in a world that goes wrong, watched by oracles.
//
//   Agenda (true time) -> providers, sources, people -> Node -> WorldStore -> Durable
//         ^                                              |                       |
//         +---------------------- effects <--------------+        Oracles <------+
//
// The process lives and dies inside; the disk, the providers' ledger and the agenda outlive it.
// Threads: one. Blocks: never; all time is virtual.
#pragma once

#include "sim/world/bundles.h"
#include "sim/world/operator.h"
#include "sim/world/oracles.h"
#include "sim/world/people.h"
#include "sim/world/sources.h"
#include "sim/world/world_drive.h"
#include "sim/world/world_store.h"

namespace relance {

// What a seed came to.
struct Outcome {
  uint64_t seed = 0;
  uint64_t hash = 0;  // over everything that happened
  uint64_t moments = 0;
  size_t lives = 0, events = 0, touches = 0, acts = 0, entries = 0;
  Duration simulated;
  std::string oracle, what;        // empty: all of them held
  std::vector<std::string> story;  // the last moments before a violation
  bool passed() const { return oracle.empty(); }
};

class Simulation {
 public:
  // `marks`: a file for crash marks, overwritten; empty: none.
  Simulation(uint64_t seed, Bundles& bundles, std::string marks, Story::Listener listener = {});
  ~Simulation();
  Outcome run();

 private:
  struct Life;
  struct Parts;

  void live();
  void start();
  void die(std::string_view how);
  bool step();
  bool rest();
  bool finish();
  void move_on(Instant to);
  Instant next_of(Instant due) const;
  void meet_timers(Instant due, Instant at);
  void disturb_clock();
  void power_loss();

  uint64_t seed_;
  Bundles& bundles_;
  std::string marks_;
  Story story_;
  std::unique_ptr<Parts> parts_;
  std::unique_ptr<Life> life_;
  int rests_here_ = 0, build_ = 1;
  Instant clock_set_ = Instant::beginning();
};

}  // namespace relance
