// Reach: which steps of a run may start now, may still start later, or never will (dead-path
// elimination). Derived from the outcomes so far; nothing of it is stored. Every edge points to an
// earlier step, so one pass in file order suffices.
#pragma once

#include <vector>

#include "core/graph/flow.h"
#include "core/graph/talk.h"
#include "core/state/run_state.h"

namespace relance {

enum class Reached : uint8_t {
  open,       // its edges may still come
  ready,      // its edges are there and it has not begun
  begun,      // at work
  ended,      // in an outcome, `skipped` included
  unreached,  // no way to it is left
};

// As many as the flow has steps. While a run lives, `ended {...}` steps are open; while it is
// ending, they are ready when it ended so, and all other steps that have not begun are unreached.
std::vector<Reached> reach(const Flow& flow, const Run& run);

// The same for the turns of a conversation: `outcomes` holds the word of each ended turn, empty
// where it has not ended.
std::vector<Reached> reach_turns(const TalkScript& script,
                                 const std::vector<std::string>& outcomes);

// Nothing is at work and nothing can start any more.
bool nothing_left(const std::vector<Reached>& reached);

}  // namespace relance
