// relance.crm.sql: customers in tables of SQLite or PostgreSQL, by statements of the configuration.
// The tables of the contract; what they do is in crm.h.
#include <cstring>
#include <stdexcept>

#include "crm.h"
#include "kit/instance.h"

namespace sql {
namespace {

struct Instance {
  Instance(const rl_host* host, std::string_view config)
      : settings(checked(config)), crm(host, settings) {}

  static Settings checked(std::string_view config) {
    std::string problems;
    Settings made = read_settings(config, problems);
    if (!problems.empty()) throw std::invalid_argument(problems);
    return made;
  }
  Settings settings;
  Crm crm;
};

Crm& of(void* self) { return static_cast<Instance*>(self)->crm; }

const rl_connector* connector() {
  static const rl_connector table = {
      .struct_size = sizeof(rl_connector),
      .reserved = 0,
      .caps = caps_of("{}"),
      .caps_for = [](rl_str config) { return caps_of(kit::view(config)); },
      .fields = nullptr,
      .check_query = nullptr,
      .read = [](void* self, rl_op op, const rl_read* read) { of(self).read(op, *read); },
      .page = [](void* self, rl_op op, const rl_read* read) { of(self).page(op, *read); },
      .write = [](void* self, rl_op op, const rl_write* write) { of(self).write(op, *write); },
      .lookup = [](void* self, rl_op op, const rl_write* write) { of(self).lookup(op, *write); }};
  return &table;
}

const rl_plugin* plugin() {
  static const rl_plugin table = {.struct_size = sizeof(rl_plugin),
                                  .abi = RL_ABI,
                                  .flags = 0,
                                  .reserved = 0,
                                  .id = "relance.crm.sql",
                                  .version = "0.1.0",
                                  .title = "Customers in tables of SQLite or PostgreSQL",
                                  .config_schema = kSchema,
                                  .check_config =
                                      [](rl_str config, const rl_out* out) {
                                        std::string problems;
                                        read_settings(kit::view(config), problems);
                                        kit::put(out, problems);
                                      },
                                  .create = kit::create<Instance>,
                                  .start = [](void* self, rl_op op) { of(self).start(op); },
                                  .destroy = kit::destroy<Instance>,
                                  .on_io = nullptr,
                                  .on_timer = nullptr,
                                  .get_interface = [](const char* id) -> const void* {
                                    return std::strcmp(id, RL_CONNECTOR) == 0 ? connector()
                                                                              : nullptr;
                                  }};
  return &table;
}

}  // namespace
}  // namespace sql

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  return host_abi >> 16 == RL_ABI_MAJOR ? sql::plugin() : nullptr;
}
