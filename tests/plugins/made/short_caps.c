/* Its static table is shorter than what the host must read of it. */
#include "good.h"

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  plugin.id = "test.short_caps";
  caps.struct_size = offsetof(rl_channel_caps, delivery);
  return &plugin;
}
