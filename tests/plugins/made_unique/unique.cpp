// Built without care, as the C++ library's own inline functions are: the loader keeps one `count`
// for all builds of it.
#include "../made/good.h"

inline int calls() {
  static int count = 0;
  return ++count;
}

extern "C" const rl_plugin* rl_plugin_entry(uint32_t) {
  plugin.id = calls() > 0 ? "test.unique" : "";
  return &plugin;
}
