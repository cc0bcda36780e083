// What an instance can do, as the core knows channels and connectors. Internal to this room.
#pragma once

#include "plugins/instance.h"

namespace relance {

DeliveryClass class_of(uint32_t delivery);  // of RL_KEYED and so on
Channel describe_channel(Instance& instance);
Connector describe_connector(const Instance& instance);
// What the engine may count on whichever of its operations it is: the weakest class of them, what
// all can do, the shortest window of the keyed ones, the longest lag.
void promise_of(const rl_connector_caps& caps, Connector& connector);

const rl_channel_caps& channel_caps(const Instance& instance);
const rl_connector_caps& connector_caps(const Instance& instance);
// The operation of that name; else "record" for facts, else "*"; nullptr where it can do none of
// them.
const rl_operation* find_operation(const Instance& instance, std::string_view name);

}  // namespace relance
