// What stands round a store at rest. Internal to this room.
#pragma once

#include "node/idle_ports.h"
#include "node/store_at_rest.h"

namespace relance {

struct StoreAtRest::World {
  // Nothing leaves: a step that wants to send waits for the next start.
  struct NoSlots final : Slots {
    bool take(const Want&) override { return false; }
  };
  IdlePorts idle;
  NoSlots slots;
};

}  // namespace relance
