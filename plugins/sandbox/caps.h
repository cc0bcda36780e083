// What the sandbox can do, which depends on whom it plays: `as` and `class` of its configuration.
#pragma once

#include <relance/channel.h>
#include <relance/connector.h>

#include <string_view>

namespace sandbox {

// The delivery class of a configuration; without `class`, the usual one of what it plays.
uint32_t delivery_of(std::string_view config);

// Tables are made once per (as, class, key_window_ms, index_lag_ms) and then stay. Threads: any.
const rl_channel_caps* channel_caps(std::string_view config);
const rl_connector_caps* connector_caps(std::string_view config);

}  // namespace sandbox
