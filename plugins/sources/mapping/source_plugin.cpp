#include "sources/mapping/source_plugin.h"

#include <cstring>

#include "kit/instance.h"
#include "sources/mapping/source.h"

namespace sources {
namespace {

const rl_inbound kInbound = {.struct_size = sizeof(rl_inbound),
                             .reserved = 0,
                             .on_request = [](void* self, rl_op op, const rl_request* request) {
                               static_cast<Source*>(self)->on_request(op, *request);
                             }};

const void* get_interface(const char* id) {
  return std::strcmp(id, RL_INBOUND) == 0 ? &kInbound : nullptr;
}

}  // namespace

rl_plugin source_plugin(const char* id, const char* title, const char* schema) {
  rl_plugin plugin{};
  plugin.struct_size = sizeof plugin;
  plugin.abi = RL_ABI;
  plugin.id = id;
  plugin.version = "0.1.0";
  plugin.title = title;
  plugin.config_schema = schema;
  plugin.check_config = [](rl_str config, const rl_out* problems) {
    const std::string found = Source::problems(kit::view(config));
    if (!found.empty()) kit::put(problems, found);
  };
  plugin.create = kit::create<Source>;
  plugin.destroy = kit::destroy<Source>;
  plugin.on_io = [](void* self, rl_op op, uint64_t, const rl_reply* reply) {
    static_cast<Source*>(self)->on_io(op, *reply);
  };
  plugin.get_interface = get_interface;
  return plugin;
}

}  // namespace sources
