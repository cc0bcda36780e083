// Which steps can start at all: over all combinations of outcomes in which each step ends in
// exactly one.
#pragma once

#include <vector>

#include "core/graph/flow.h"

namespace relance {

enum class Reach : uint8_t {
  possible,
  cut_off,        // every way to it comes from steps that cannot start (or it has no way at all)
  contradiction,  // its `after` needs outcomes that exclude each other
};

// One answer a step. Steps that run when the run ended (After::Kind::ended) are possible. A flow
// with very many combinations is not searched to the end: what was not shown to be impossible is
// possible.
std::vector<Reach> reach(const Flow& flow);

}  // namespace relance
