/* Not spoilt at all: a payment provider that never answers, and forgets a key at once. */
#include "good.h"

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  plugin.id = "test.unsettled";
  return &plugin;
}
