// relance.crm.hubspot: contacts of a HubSpot account, segments of them, and what became of each
// contact. The tables of the contract; what they do is in account.h.
#include <cstring>
#include <stdexcept>

#include "account.h"
#include "kit/instance.h"
#include "records.h"

namespace hubspot {
namespace {

struct Instance {
  Instance(const rl_host* host, std::string_view config)
      : settings(read_settings(config)), account(host, settings) {
    const std::string problems = problems_of(config);
    if (!problems.empty()) throw std::invalid_argument(problems);
  }
  Settings settings;
  Account account;
};

Account& of(void* self) { return static_cast<Instance*>(self)->account; }

// Which fields there are is the configuration's business: `page` tells of those it does not know.
void query_problems(rl_str query, const rl_out* problems) {
  const kit::Json json(kit::view(query));
  const std::string_view text = kit::view(query);
  if (!text.empty() && text != "{}" && json.root()->ObjectEmpty()) {
    kit::put(problems, "a query is a JSON object of fields and what they must be");
  }
}

const rl_connector* connector() {
  static const rl_connector table = {
      .struct_size = sizeof(rl_connector),
      .reserved = 0,
      .caps = caps_of("{}"),
      .caps_for = [](rl_str config) { return caps_of(kit::view(config)); },
      .fields = [](void* self, rl_op op) { of(self).fields(op); },
      .check_query = query_problems,
      .read = [](void* self, rl_op op, const rl_read* read) { of(self).read(op, *read); },
      .page = [](void* self, rl_op op, const rl_read* read) { of(self).page(op, *read); },
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
      .id = "relance.crm.hubspot",
      .version = "0.1.0",
      .title = "Contacts and outcomes at HubSpot",
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
}  // namespace hubspot

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  return host_abi >> 16 == RL_ABI_MAJOR ? hubspot::plugin() : nullptr;
}
