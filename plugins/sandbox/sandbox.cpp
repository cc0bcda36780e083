// relance.sandbox: plays any provider, and the customers behind it. The tables of the contract;
// what they do is in provider.h.
#include <cstring>

#include "caps.h"
#include "kit/instance.h"
#include "provider.h"
#include "schema.h"

namespace sandbox {
namespace {

Provider& self_of(void* self) { return *static_cast<Provider*>(self); }

void check_config(rl_str config, const rl_out* problems) {
  kit::put(problems, problems_of(kit::view(config)));
}

// Without a configuration it plays e-mail.
const rl_channel* channel() {
  static const rl_channel table = {
      .struct_size = sizeof(rl_channel),
      .reserved = 0,
      .caps = channel_caps("{}"),
      .caps_for = [](rl_str config) { return channel_caps(kit::view(config)); },
      .estimate = [](void* self, const rl_touch*, rl_cost* cost) { self_of(self).estimate(*cost); },
      .send = [](void* self, rl_op op, const rl_touch* touch) { self_of(self).send(op, *touch); },
      .cancel = [](void* self, rl_op op) { self_of(self).cancel(op); },
      .lookup = [](void* self, rl_op op, const rl_touch* touch, const rl_str*,
                   size_t) { self_of(self).lookup(op, *touch); },
      .recall = nullptr};
  return &table;
}

const rl_conversation kConversation = {
    .struct_size = sizeof(rl_conversation),
    .flags = RL_HEARS_SPEECH | RL_TRANSFERS,
    .perform = [](void* self, rl_op op, const rl_do* what) { self_of(self).perform(op, *what); }};

const rl_connector* connector() {
  static const rl_connector table = {
      .struct_size = sizeof(rl_connector),
      .reserved = 0,
      .caps = connector_caps(R"({"as":"connector"})"),
      .caps_for = [](rl_str config) { return connector_caps(kit::view(config)); },
      .fields = nullptr,
      .check_query = nullptr,
      .read = [](void* self, rl_op op, const rl_read* read) { self_of(self).read(op, *read); },
      .page = nullptr,
      .write = [](void* self, rl_op op, const rl_write* write) { self_of(self).write(op, *write); },
      .lookup = [](void* self, rl_op op,
                   const rl_write* write) { self_of(self).lookup(op, *write); }};
  return &table;
}

const void* get_interface(const char* id) {
  if (std::strcmp(id, RL_CHANNEL) == 0) return channel();
  if (std::strcmp(id, RL_CONVERSATION) == 0) return &kConversation;
  if (std::strcmp(id, RL_CONNECTOR) == 0) return connector();
  return nullptr;
}

const rl_plugin kPlugin = {
    .struct_size = sizeof(rl_plugin),
    .abi = RL_ABI,
    .flags = 0,
    .reserved = 0,
    .id = "relance.sandbox",
    .version = "0.1.0",
    .title = "Plays any provider and its customers",
    .config_schema = kSchema,
    .check_config = check_config,
    .create = kit::create<Provider>,
    .start = [](void* self, rl_op op) { self_of(self).start(op); },
    .destroy = kit::destroy<Provider>,
    .on_io = nullptr,
    .on_timer = [](void* self, uint64_t tag) { self_of(self).on_timer(tag); },
    .get_interface = get_interface};

}  // namespace
}  // namespace sandbox

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  return host_abi >> 16 == RL_ABI_MAJOR ? &sandbox::kPlugin : nullptr;
}
