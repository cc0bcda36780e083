// Runs that are pinned to an earlier version of their flow: what would become of each if it were
// moved to the active one, and moving them.
//
// The preview decides on copies with the rules that would be live, and lets nothing leave; so it
// says what really happens (core/customer/move_run.h).
// Threads: one, none of the drive's. Blocks: reads the store; deciding goes on meanwhile.
// Fails: as each_in_flight.
#pragma once

#include "core/customer/move_run.h"
#include "node/in_flight.h"

namespace relance {

// What comes next of a run, and when; no step: nothing but events.
struct NextAction {
  std::string step;
  Instant at = Instant::never();
};

struct MoveExample {
  Key run, customer;
  std::string subject, why;
  NextAction before, after;
};

struct MoveGroup {
  uint64_t count = 0;
  std::vector<MoveExample> examples;
};

// Of one flow: runs on earlier versions, by what would become of them.
struct MovePreview {
  std::string flow;
  Key to;
  uint64_t current = 0;  // on the active version already
  std::map<MoveClass, MoveGroup> groups;
  uint64_t pinned() const;
};

struct MoveQuestion {
  std::string flow;          // empty: all
  bool back = false;         // to the version that each was moved from
  size_t most_examples = 3;  // of each class
};

// By flow. `rules`: the active generation's, or the one that would be.
Result<std::vector<MovePreview>> preview_moves(NodeCore& node, const Rules& rules,
                                               const MoveQuestion& question);

struct MoveOrder {
  std::string flow, author;
  bool back = false;
  std::vector<std::string> also;  // classes beside clean
};

// Moves what may be moved, some hundreds at a time; each run's move is one entry. How many were; on
// a node that is not driven at this moment, how many will be tried.
Result<uint64_t> move_runs(NodeCore& node, const Rules& rules, const MoveOrder& order);

Doc to_doc(const MovePreview& preview);

}  // namespace relance
