/* Its descriptor ends before the functions that every plugin has. */
#include "good.h"

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  plugin.id = "test.short_descriptor";
  plugin.struct_size = offsetof(rl_plugin, create);
  return &plugin;
}
