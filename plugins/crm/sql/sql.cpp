// relance.crm.sql: customers in tables of SQLite or PostgreSQL, by statements of the configuration.
// The tables of the contract; what they do is in crm.h.
#include <cstring>
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

struct Configured {
  explicit Configured(std::string_view config) {
    std::string problems;
    settings = read_settings(config, problems);
    if (!problems.empty()) throw std::invalid_argument(problems);
  }
  Settings settings;
};

struct Instance : Configured, Crm {
  Instance(const rl_host* host, std::string_view config)
      : Configured(config), Crm(host, settings) {}
};

const rl_connector* connector() {
  static const rl_connector table = kit::connector<Instance>(
      caps_of("{}"), [](rl_str config) { return caps_of(kit::view(config)); });
  return &table;
}

const rl_plugin kPlugin =
    kit::plugin<Instance>({.id = "relance.crm.sql",
                           .title = "Customers in tables of SQLite or PostgreSQL",
                           .config_schema = kSchema,
                           .check_config = kit::check<problems_of>,
                           .find = [](const char* id) -> const void* {
                             return std::strcmp(id, RL_CONNECTOR) == 0 ? connector() : nullptr;
                           }});

}  // namespace
}  // namespace sql

RL_PLUGIN(sql::kPlugin)
