/* Needs a newer minor version than this host's. */
#include "good.h"

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  plugin.id = "test.newer_minor";
  plugin.abi = RL_ABI + 7;
  return &plugin;
}
