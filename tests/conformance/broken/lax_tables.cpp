// Wrong in what can be read without an instance: the version, the schema, what it accepts.
#include "conformance/broken/broken.h"

namespace {
class LaxTables final : public broken::Channel {
  using Channel::Channel;
};
}  // namespace

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  static rl_plugin plugin = broken::Tables<LaxTables>::plugin("broken.lax_tables");
  plugin.version = "the newest";
  plugin.config_schema = R"({"type":"object","required":[],"properties":{"any":{}}})";
  return host_abi >> 16 == RL_ABI_MAJOR ? &plugin : nullptr;
}
