/* A channel that cannot send, and says that it can look up and recall. */
#include "good.h"

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  plugin.id = "test.no_send";
  channel.send = NULL;
  caps.flags = RL_CAN_LOOKUP | RL_CAN_RECALL;
  return &plugin;
}
