// Its entry throws.
#include <relance/plugin.h>

#include <stdexcept>

const rl_plugin* rl_plugin_entry(uint32_t) { throw std::runtime_error("no"); }
