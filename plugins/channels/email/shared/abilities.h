// What the e-mail plugins can do, as the contract's tables. Static: one for each configuration.
#pragma once

#include <compare>
#include <cstring>

#include "kit/plugin.h"

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

template <Abilities (*abilities_of)(std::string_view)>
const rl_channel_caps* caps_for(std::string_view config) {
  return caps_of(abilities_of(config));
}

// The interfaces of an e-mail plugin: a channel that can do what `abilities_of` its configuration
// tells, and the mailbox.
template <class T, Abilities (*abilities_of)(std::string_view)>
const void* find(const char* id) {
  static constexpr rl_inbound inbound = kit::inbound<T>();
  if (std::strcmp(id, RL_CHANNEL) == 0) return kit::channel_by_config<T, caps_for<abilities_of>>();
  return std::strcmp(id, RL_INBOUND) == 0 ? &inbound : nullptr;
}

}  // namespace email
