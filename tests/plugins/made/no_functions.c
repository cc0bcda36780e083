/* Lacks what every plugin must have. */
#include "good.h"

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  plugin.id = "test.no_functions";
  plugin.create = NULL;
  plugin.destroy = NULL;
  plugin.config_schema = NULL;
  return &plugin;
}
