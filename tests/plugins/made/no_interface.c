/* Implements nothing. */
#include "good.h"

static const void* nothing(const char* id) {
  (void)id;
  return NULL;
}

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  plugin.id = "test.no_interface";
  plugin.get_interface = nothing;
  return &plugin;
}
