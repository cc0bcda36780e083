// What the e-mail plugins can do, as the contract's tables. Static: one for each configuration.
#pragma once

#include <relance/channel.h>

#include <compare>

namespace email {

struct Abilities {
  uint32_t delivery = RL_BLIND;
  int64_t key_window_ms = 0;
  bool look_up = false;
  int64_t index_lag_ms = 0;
  uint32_t at_once = 0;  // 0: the host's own
  auto operator<=>(const Abilities&) const = default;
};

const rl_channel_caps* caps_of(const Abilities& abilities);

}  // namespace email
