// relance.retry.stripe: payment attempts at Stripe. The tables of the contract; what they do is in
// account.h and links.h.
#include <cstring>
#include <stdexcept>

#include "account.h"
#include "kit/instance.h"
#include "links.h"

namespace stripe {
namespace {

struct Instance {
  Instance(const rl_host* host, std::string_view config)
      : settings(read_settings(config)), account(host, settings), links(host, settings) {
    const std::string problems = problems_of(config);
    if (!problems.empty()) throw std::invalid_argument(problems);
  }
  Settings settings;
  Account account;
  Links links;
};

Account& account_of(void* self) { return static_cast<Instance*>(self)->account; }
Links& links_of(void* self) { return static_cast<Instance*>(self)->links; }

void on_io(void* self, rl_op op, uint64_t tag, const rl_reply* reply) {
  if (!links_of(self).on_io(op, *reply)) account_of(self).on_io(op, tag, *reply);
}

const rl_channel* channel() {
  static const rl_channel table = {
      .struct_size = sizeof(rl_channel),
      .reserved = 0,
      .caps = caps_of("{}"),
      .caps_for = [](rl_str config) { return caps_of(kit::view(config)); },
      .estimate = [](void* self, const rl_touch* touch,
                     rl_cost* cost) { account_of(self).estimate(*touch, *cost); },
      .send = [](void* self, rl_op op,
                 const rl_touch* touch) { account_of(self).send(op, *touch); },
      .cancel = [](void* self, rl_op op) { account_of(self).cancel(op); },
      .lookup = [](void* self, rl_op op, const rl_touch* touch, const rl_str*,
                   size_t) { account_of(self).lookup(op, *touch); },
      .recall = nullptr};
  return &table;
}

const rl_connector* connector() {
  static const rl_connector table = {
      .struct_size = sizeof(rl_connector),
      .reserved = 0,
      .caps = connector_caps(),
      .caps_for = nullptr,
      .fields = nullptr,
      .check_query = nullptr,
      .read = [](void* self, rl_op op, const rl_read* read) { links_of(self).read(op, *read); },
      .page = nullptr,
      .write = [](void* self, rl_op op,
                  const rl_write* write) { links_of(self).write(op, *write); },
      .lookup = nullptr};
  return &table;
}

const void* get_interface(const char* id) {
  if (std::strcmp(id, RL_CHANNEL) == 0) return channel();
  return std::strcmp(id, RL_CONNECTOR) == 0 ? connector() : nullptr;
}

const rl_plugin* plugin() {
  static const rl_plugin table = {.struct_size = sizeof(rl_plugin),
                                  .abi = RL_ABI,
                                  .flags = 0,
                                  .reserved = 0,
                                  .id = "relance.retry.stripe",
                                  .version = "0.1.0",
                                  .title = "Retries invoices and payment intents at Stripe",
                                  .config_schema = kSchema,
                                  .check_config =
                                      [](rl_str config, const rl_out* problems) {
                                        kit::put(problems, problems_of(kit::view(config)));
                                      },
                                  .create = kit::create<Instance>,
                                  .start = nullptr,
                                  .destroy = kit::destroy<Instance>,
                                  .on_io = on_io,
                                  .on_timer = nullptr,
                                  .get_interface = get_interface};
  return &table;
}

}  // namespace
}  // namespace stripe

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  return host_abi >> 16 == RL_ABI_MAJOR ? stripe::plugin() : nullptr;
}
