// What stands round a store at rest. Internal to this room.
#pragma once

#include "node/idle_ports.h"
#include "node/no_slots.h"
#include "node/store_at_rest.h"

namespace relance {

struct StoreAtRest::World {
  IdlePorts idle;
  NoSlots slots;  // a step that wants to send waits for the next start
};

}  // namespace relance
