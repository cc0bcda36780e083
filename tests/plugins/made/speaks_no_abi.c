/* Says itself that it does not speak this host. */
#include <relance/plugin.h>

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  return NULL;
}
