// relance.crm.hubspot: contacts of a HubSpot account, segments of them, and what became of each
// contact. The tables of the contract; what they do is in account.h.
#include <stdexcept>

#include "account.h"
#include "kit/plugin.h"

namespace hubspot {
namespace {

class Instance {
 public:
  Instance(const rl_host* host, std::string_view config)
      : settings_(read_settings(config)), account_(host, settings_) {
    const std::string problems = problems_of(config);
    if (!problems.empty()) throw std::invalid_argument(problems);
  }
  void fields(rl_op op) { account_.fields(op); }
  void page(rl_op op, const rl_read& read) { account_.page(op, read); }
  void read(rl_op op, const rl_read& read) { account_.read(op, read); }
  void write(rl_op op, const rl_write& write) { account_.write(op, write); }
  void lookup(rl_op op, const rl_write& write) { account_.lookup(op, write); }
  void on_io(rl_op, uint64_t tag, const rl_reply& reply) { account_.on_io(tag, reply); }
  void on_timer(uint64_t tag) { account_.on_timer(tag); }

 private:
  Settings settings_;
  Account account_;
};

const void* find(const char* id) {
  return std::strcmp(id, RL_CONNECTOR) == 0 ? kit::connector_by_config<Instance, caps_of>()
                                            : nullptr;
}

const rl_plugin kPlugin = kit::plugin<Instance>({.id = "relance.crm.hubspot",
                                                 .title = "Contacts and outcomes at HubSpot",
                                                 .config_schema = kSchema,
                                                 .check_config = kit::check<problems_of>,
                                                 .find = find});

}  // namespace
}  // namespace hubspot

RL_PLUGIN(hubspot::kPlugin)
