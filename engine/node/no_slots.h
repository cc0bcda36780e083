// Slots of a decision that is only tried, or made over a store at rest: nothing leaves.
#pragma once

#include "core/run/context.h"

namespace relance {

struct NoSlots final : Slots {
  bool take(const Want&) override { return false; }
};

}  // namespace relance
