// The oracles: what must hold whatever happens. O1 to O6 as docs/internals/simulation.md names
// them; Durable (durable.h) watches what concerns records alone.
//
// Threads: one. Fails: every function throws a Violation.
#pragma once

#include <set>

#include "node/node_core.h"
#include "sim/world/durable.h"
#include "sim/world/ledger.h"
#include "sim/world/providers.h"
#include "sim/world/world_clock.h"

namespace relance {

class Oracles final : public Watch {
 public:
  struct Sees {
    const Plan& plan;
    const WorldClock& clock;
    const Durable& durable;
    Ledger& ledger;
    const Rules& rules;
  };
  explicit Oracles(Sees sees) : sees_(sees) {}

  // Which process this is: rises with every start.
  void life_begins(int life);
  // The store answered that nothing is to be trusted any more: nothing may leave.
  void sends_are_held() { held_ = true; }
  // The store lost commits, and a person said: go on.
  void released_by_person();

  // --- Watch
  void sending(const TouchOrder& order, const Deed& before) override;
  void acted(const Deed& deed) override;

  void acknowledged(uint64_t event);        // O1
  void settled(const Durable::News& news);  // O2: nothing was guessed
  void at_rest(NodeCore& node, const Providers& providers, Instant engine_now);  // O3, O5
  void started(NodeCore& node);                                                  // O4, O6
  void at_end(NodeCore& node);                                                   // all

 private:
  void check_contact_rules(const Deed& deed) const;
  void check_window(const TouchOrder& order) const;
  void check_run(const TouchOrder& order) const;
  void check_pauses(const Touch& touch) const;
  void check_customer(const Customer& customer, const Providers& providers, Instant now,
                      bool somebody_works) const;
  Key undo_of(const Run& run, const StepState& state) const;
  void check_step(const Customer& customer, const Run& run, const StepState& state,
                  const Providers& providers, bool somebody_works) const;

  Sees sees_;
  int life_ = 0;
  bool held_ = false;
  bool paused_ = false;  // a pause stands, or has not let go all that it held
  std::set<uint64_t> acknowledged_;
};

}  // namespace relance
