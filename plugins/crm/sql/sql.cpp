// relance.crm.sql: customers in tables of SQLite or PostgreSQL, by statements of the configuration.
// The tables of the contract; what they do is in crm.h.
#include <stdexcept>

#include "crm.h"
#include "kit/plugin.h"

namespace sql {
namespace {

std::string problems_of(std::string_view config) {
  std::string problems;
  read_settings(config, problems);
  return problems;
}

class Instance {
 public:
  Instance(const rl_host* host, std::string_view config)
      : settings_(checked(config)), crm_(host, settings_) {}
  void start(rl_op op) { crm_.start(op); }
  void page(rl_op op, const rl_read& read) { crm_.page(op, read); }
  void read(rl_op op, const rl_read& read) { crm_.read(op, read); }
  void write(rl_op op, const rl_write& write) { crm_.write(op, write); }
  void lookup(rl_op op, const rl_write& write) { crm_.lookup(op, write); }

 private:
  static Settings checked(std::string_view config) {
    std::string problems;
    Settings made = read_settings(config, problems);
    if (!problems.empty()) throw std::invalid_argument(problems);
    return made;
  }

  Settings settings_;
  Crm crm_;
};

const void* find(const char* id) {
  return std::strcmp(id, RL_CONNECTOR) == 0 ? kit::connector_by_config<Instance, caps_of>()
                                            : nullptr;
}

const rl_plugin kPlugin =
    kit::plugin<Instance>({.id = "relance.crm.sql",
                           .title = "Customers in tables of SQLite or PostgreSQL",
                           .config_schema = kSchema,
                           .check_config = kit::check<problems_of>,
                           .find = find});

}  // namespace
}  // namespace sql

RL_PLUGIN(sql::kPlugin)
