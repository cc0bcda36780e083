// relance.commerce.rest: orders, returns and shipments of a shop, and what may be done with them;
// which API it is stands in the configuration. The tables of the contract; what they do is in
// shop.h.
#include <cstring>
#include <stdexcept>

#include "kit/plugin.h"
#include "shop.h"

namespace commerce {
namespace {

struct Configured {
  explicit Configured(std::string_view config) : settings(config) {
    const std::string problems = problems_of(config);
    if (!problems.empty()) throw std::invalid_argument(problems);
  }
  Settings settings;
};

struct Instance : Configured, Shop {
  Instance(const rl_host* host, std::string_view config)
      : Configured(config), Shop(host, settings) {}

  void on_io(rl_op, uint64_t tag, const rl_reply& reply) { Shop::on_io(tag, reply); }
};

const rl_connector* connector() {
  static const rl_connector table = kit::connector<Instance>(
      caps_of("{}"), [](rl_str config) { return caps_of(kit::view(config)); });
  return &table;
}

const rl_plugin kPlugin =
    kit::plugin<Instance>({.id = "relance.commerce.rest",
                           .title = "A shop's orders, returns and shipments, over its API",
                           .config_schema = kSchema,
                           .check_config = kit::check<problems_of>,
                           .find = [](const char* id) -> const void* {
                             return std::strcmp(id, RL_CONNECTOR) == 0 ? connector() : nullptr;
                           }});

}  // namespace
}  // namespace commerce

RL_PLUGIN(commerce::kPlugin)
