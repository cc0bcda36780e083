/* Its id is another than the name of its file. */
#include "good.h"

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  plugin.id = "test.unsettled";
  plugin.title = "another one of that name";
  return &plugin;
}
