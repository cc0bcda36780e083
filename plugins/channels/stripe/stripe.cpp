// relance.retry.stripe: payment attempts at Stripe. The tables of the contract; what they do is in
// account.h.
#include <cstring>

#include "account.h"
#include "kit/instance.h"

namespace stripe {
namespace {

Account& self_of(void* self) { return *static_cast<Account*>(self); }

const rl_channel* channel() {
  static const rl_channel table = {
      .struct_size = sizeof(rl_channel),
      .reserved = 0,
      .caps = caps_of("{}"),
      .caps_for = [](rl_str config) { return caps_of(kit::view(config)); },
      .estimate = [](void* self, const rl_touch* touch,
                     rl_cost* cost) { self_of(self).estimate(*touch, *cost); },
      .send = [](void* self, rl_op op, const rl_touch* touch) { self_of(self).send(op, *touch); },
      .cancel = [](void* self, rl_op op) { self_of(self).cancel(op); },
      .lookup = [](void* self, rl_op op, const rl_touch* touch, const rl_str*,
                   size_t) { self_of(self).lookup(op, *touch); },
      .recall = nullptr};
  return &table;
}

const void* get_interface(const char* id) {
  return std::strcmp(id, RL_CHANNEL) == 0 ? channel() : nullptr;
}

const rl_plugin* plugin() {
  static const rl_plugin table = {
      .struct_size = sizeof(rl_plugin),
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
      .create = kit::create<Account>,
      .start = nullptr,
      .destroy = kit::destroy<Account>,
      .on_io = [](void* self, rl_op op, uint64_t tag,
                  const rl_reply* reply) { self_of(self).on_io(op, tag, *reply); },
      .on_timer = nullptr,
      .get_interface = get_interface};
  return &table;
}

}  // namespace
}  // namespace stripe

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  return host_abi >> 16 == RL_ABI_MAJOR ? stripe::plugin() : nullptr;
}
