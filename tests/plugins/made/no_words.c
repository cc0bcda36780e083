/* Counts outcome words that are not there. */
#include "good.h"

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  (void)host_abi;
  plugin.id = "test.no_words";
  caps.words_count = 3;
  return &plugin;
}
