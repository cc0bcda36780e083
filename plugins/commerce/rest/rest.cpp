// relance.commerce.rest: orders, returns and shipments of a shop, and what may be done with them;
// which API it is stands in the configuration. The tables of the contract; what they do is in
// shop.h.
#include <cstring>
#include <stdexcept>

#include "kit/instance.h"
#include "shop.h"

namespace commerce {
namespace {

struct Instance {
  Instance(const rl_host* host, std::string_view config) : settings(config), shop(host, settings) {
    const std::string problems = problems_of(config);
    if (!problems.empty()) throw std::invalid_argument(problems);
  }
  Settings settings;
  Shop shop;
};

Shop& of(void* self) { return static_cast<Instance*>(self)->shop; }

const rl_connector* connector() {
  static const rl_connector table = {
      .struct_size = sizeof(rl_connector),
      .reserved = 0,
      .caps = caps_of("{}"),
      .caps_for = [](rl_str config) { return caps_of(kit::view(config)); },
      .fields = nullptr,
      .check_query = nullptr,
      .read = [](void* self, rl_op op, const rl_read* read) { of(self).read(op, *read); },
      .page = nullptr,
      .write = [](void* self, rl_op op, const rl_write* write) { of(self).write(op, *write); },
      .lookup = [](void* self, rl_op op, const rl_write* write) { of(self).lookup(op, *write); }};
  return &table;
}

const rl_plugin* plugin() {
  static const rl_plugin table = {
      .struct_size = sizeof(rl_plugin),
      .abi = RL_ABI,
      .flags = 0,
      .reserved = 0,
      .id = "relance.commerce.rest",
      .version = "0.1.0",
      .title = "A shop's orders, returns and shipments, over its API",
      .config_schema = kSchema,
      .check_config = [](rl_str config,
                         const rl_out* out) { kit::put(out, problems_of(kit::view(config))); },
      .create = kit::create<Instance>,
      .start = nullptr,
      .destroy = kit::destroy<Instance>,
      .on_io = [](void* self, rl_op, uint64_t tag,
                  const rl_reply* reply) { of(self).on_io(tag, *reply); },
      .on_timer = [](void* self, uint64_t tag) { of(self).on_timer(tag); },
      .get_interface = [](const char* id) -> const void* {
        return std::strcmp(id, RL_CONNECTOR) == 0 ? connector() : nullptr;
      }};
  return &table;
}

}  // namespace
}  // namespace commerce

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  return host_abi >> 16 == RL_ABI_MAJOR ? commerce::plugin() : nullptr;
}
