/* Made for another major version of the contract. */
#include "good.h"

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  plugin.id = "test.other_major";
  plugin.abi = (RL_ABI_MAJOR + 1) << 16;
  return &plugin;
}
