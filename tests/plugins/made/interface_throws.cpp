// It has a descriptor, but asking for its interfaces throws.
#include <relance/plugin.h>

#include <stdexcept>

const rl_plugin* rl_plugin_entry(uint32_t) {
  static rl_plugin plugin = {};
  plugin.struct_size = sizeof plugin;
  plugin.abi = RL_ABI;
  plugin.id = "test.interface_throws";
  plugin.version = "0.1.0";
  plugin.config_schema = "{}";
  plugin.create = [](const rl_host*, rl_str, const rl_out*) -> void* { return nullptr; };
  plugin.destroy = [](void*) {};
  plugin.get_interface = [](const char*) -> const void* { throw std::runtime_error("no"); };
  return &plugin;
}
