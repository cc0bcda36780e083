/* Exports more than its entry. */
#include <relance/plugin.h>

RL_EXPORT int another_entry(void);
int another_entry(void) { return 1; }

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  return NULL;
}
