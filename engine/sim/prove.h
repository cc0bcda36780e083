// The prover: looks for a customer who is wronged. It plays made-up lives through all flows of a
// bundle at once and measures every contact and charge with the audit; the first life that breaks a
// declared rule is made as short as it can be, by leaving out events one after the other.
//
// Deterministic: the same bundle, seed and number of weeks give the same answer.
// Threads: one; several provers may work beside one another. Blocks: for as long as it takes.
#pragma once

#include <optional>

#include "sim/life_player.h"

namespace relance {

struct ProofOptions {
  uint64_t seed = 1;
  uint64_t weeks = 20'000;  // customer-weeks to be played
};

struct CounterExample {
  Breach breach;
  uint64_t life = 0;                   // its number
  size_t events = 0, events_then = 0;  // of the shortest, and of the life as it was found
  std::vector<std::string> story;      // a line a thing that happens
};

struct Proof {
  uint64_t lives = 0, weeks = 0, events = 0, contacts = 0, charges = 0, put_off = 0, refused = 0;
  std::optional<CounterExample> found;  // nothing: no life broke a rule
};

Proof prove(const Bundle& bundle, const Rules& rules, const ProofOptions& options);

// For people: the counterexample, or what was looked at.
std::string proof_text(const Proof& proof);

}  // namespace relance
