// relance.retry.stripe: payment attempts at Stripe. The tables of the contract; what they do is in
// account.h and links.h.
#include <stdexcept>

#include "account.h"
#include "kit/plugin.h"
#include "links.h"

namespace stripe {
namespace {

class Instance {
 public:
  Instance(const rl_host* host, std::string_view config)
      : settings_(read_settings(config)), account_(host, settings_), links_(host, settings_) {
    const std::string problems = problems_of(config);
    if (!problems.empty()) throw std::invalid_argument(problems);
  }
  void estimate(const rl_touch& touch, rl_cost& cost) const { account_.estimate(touch, cost); }
  void send(rl_op op, const rl_touch& touch) { account_.send(op, touch); }
  void cancel(rl_op op) { account_.cancel(op); }
  void lookup(rl_op op, const rl_touch& touch) { account_.lookup(op, touch); }
  void read(rl_op op, const rl_read& read) { links_.read(op, read); }
  void write(rl_op op, const rl_write& write) { links_.write(op, write); }
  void on_io(rl_op op, uint64_t tag, const rl_reply& reply) {
    if (!links_.on_io(op, reply)) account_.on_io(op, tag, reply);
  }

 private:
  Settings settings_;
  Account account_;
  Links links_;
};

const rl_connector* connector() {
  static const rl_connector table = kit::connector<Instance>(connector_caps());
  return &table;
}

const void* find(const char* id) {
  if (std::strcmp(id, RL_CHANNEL) == 0) return kit::channel_by_config<Instance, caps_of>();
  return std::strcmp(id, RL_CONNECTOR) == 0 ? connector() : nullptr;
}

const rl_plugin kPlugin =
    kit::plugin<Instance>({.id = "relance.retry.stripe",
                           .title = "Retries invoices and payment intents at Stripe",
                           .config_schema = kSchema,
                           .check_config = kit::check<problems_of>,
                           .find = find});

}  // namespace
}  // namespace stripe

RL_PLUGIN(stripe::kPlugin)
