// relance.commerce.rest: orders, returns and shipments of a shop, and what may be done with them;
// which API it is stands in the configuration. The tables of the contract; what they do is in
// shop.h.
#include <stdexcept>

#include "kit/plugin.h"
#include "shop.h"

namespace commerce {
namespace {

class Instance {
 public:
  Instance(const rl_host* host, std::string_view config)
      : settings_(config), shop_(host, settings_) {
    const std::string problems = problems_of(config);
    if (!problems.empty()) throw std::invalid_argument(problems);
  }
  void read(rl_op op, const rl_read& read) { shop_.read(op, read); }
  void write(rl_op op, const rl_write& write) { shop_.write(op, write); }
  void lookup(rl_op op, const rl_write& write) { shop_.lookup(op, write); }
  void on_io(rl_op, uint64_t tag, const rl_reply& reply) { shop_.on_io(tag, reply); }
  void on_timer(uint64_t tag) { shop_.on_timer(tag); }

 private:
  Settings settings_;
  Shop shop_;
};

const void* find(const char* id) {
  return std::strcmp(id, RL_CONNECTOR) == 0 ? kit::connector_by_config<Instance, caps_of>()
                                            : nullptr;
}

const rl_plugin kPlugin =
    kit::plugin<Instance>({.id = "relance.commerce.rest",
                           .title = "A shop's orders, returns and shipments, over its API",
                           .config_schema = kSchema,
                           .check_config = kit::check<problems_of>,
                           .find = find});

}  // namespace
}  // namespace commerce

RL_PLUGIN(commerce::kPlugin)
