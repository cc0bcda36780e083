// relance.sandbox: plays any provider, and the customers behind it. The tables of the contract;
// what they do is in provider.h.
#include <cstring>

#include "caps.h"
#include "kit/plugin.h"
#include "provider.h"
#include "schema.h"

namespace sandbox {
namespace {

const rl_connector* connector() {
  static const rl_connector table =
      kit::connector<Provider>(connector_caps(R"({"as":"connector"})"),
                               [](rl_str config) { return connector_caps(kit::view(config)); });
  return &table;
}

constexpr rl_conversation kConversation =
    kit::conversation<Provider>(RL_HEARS_SPEECH | RL_TRANSFERS);

const void* find(const char* id) {
  if (std::strcmp(id, RL_CHANNEL) == 0)
    return kit::channel_by_config<Provider, channel_caps>();  // e-mail, where it is not told
  if (std::strcmp(id, RL_CONVERSATION) == 0) return &kConversation;
  if (std::strcmp(id, RL_CONNECTOR) == 0) return connector();
  return nullptr;
}

constexpr rl_plugin kPlugin =
    kit::plugin<Provider>({.id = "relance.sandbox",
                           .title = "Plays any provider and its customers",
                           .config_schema = kSchema,
                           .check_config = kit::check<problems_of>,
                           .find = find});

}  // namespace
}  // namespace sandbox

RL_PLUGIN(sandbox::kPlugin)
