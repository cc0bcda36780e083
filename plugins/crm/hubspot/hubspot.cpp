// relance.crm.hubspot: contacts of a HubSpot account, segments of them, and what became of each
// contact. The tables of the contract; what they do is in account.h.
#include <cstring>
#include <stdexcept>

#include "account.h"
#include "kit/plugin.h"
#include "records.h"

namespace hubspot {
namespace {

struct Configured {
  explicit Configured(std::string_view config) : settings(read_settings(config)) {
    const std::string problems = problems_of(config);
    if (!problems.empty()) throw std::invalid_argument(problems);
  }
  Settings settings;
};

struct Instance : Configured, Account {
  Instance(const rl_host* host, std::string_view config)
      : Configured(config), Account(host, settings) {}

  // Which fields there are is the configuration's business: `page` tells of those it does not know.
  static void check_query(rl_str query, const rl_out* problems) {
    const kit::Json json(kit::view(query));
    const std::string_view text = kit::view(query);
    if (!text.empty() && text != "{}" && json.root()->ObjectEmpty()) {
      kit::put(problems, "a query is a JSON object of fields and what they must be");
    }
  }
  void on_io(rl_op, uint64_t tag, const rl_reply& reply) { Account::on_io(tag, reply); }
};

const rl_connector* connector() {
  static const rl_connector table = kit::connector<Instance>(
      caps_of("{}"), [](rl_str config) { return caps_of(kit::view(config)); });
  return &table;
}

const rl_plugin kPlugin =
    kit::plugin<Instance>({.id = "relance.crm.hubspot",
                           .title = "Contacts and outcomes at HubSpot",
                           .config_schema = kSchema,
                           .check_config = kit::check<problems_of>,
                           .find = [](const char* id) -> const void* {
                             return std::strcmp(id, RL_CONNECTOR) == 0 ? connector() : nullptr;
                           }});

}  // namespace
}  // namespace hubspot

RL_PLUGIN(hubspot::kPlugin)
