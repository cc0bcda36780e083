#include "sim/world/world_plugins.h"

namespace relance {

void WorldPlugins::play(const Plan& plan, int build) {
  const std::string hashed = std::to_string(build);
  channels_.clear();
  connectors_.clear();
  for (const ProviderPlan& provider : plan.channels) {
    Channel& channel = channels_[provider.name];
    channel.name = provider.name;
    channel.kind = provider.kind;
    channel.delivery = provider.delivery;
    channel.can_look_up = provider.can_look_up;
    channel.key_window = provider.key_window;
    channel.index_lag = provider.declared_lag();
    channel.contact = provider.kind != "retry" && provider.kind != "webhook";
    channel.conversation = provider.kind == "voice";
    channel.effect_hash = derive_hash({provider.name, hashed});
    channel.most_in_flight = provider.most_in_flight;
  }
  for (const ProviderPlan& provider : plan.connectors) {
    Connector& connector = connectors_[provider.name];
    connector.name = provider.name;
    connector.delivery = provider.delivery;
    connector.can_look_up = provider.can_look_up;
    connector.takes_outcomes = true;
    connector.key_window = provider.key_window;
    connector.index_lag = provider.declared_lag();
    connector.effect_hash = derive_hash({provider.name, hashed});
  }
}

const Channel* WorldPlugins::channel(std::string_view name) const {
  const auto found = channels_.find(name);
  return found == channels_.end() ? nullptr : &found->second;
}

const Connector* WorldPlugins::connector(std::string_view name) const {
  const auto found = connectors_.find(name);
  return found == connectors_.end() ? nullptr : &found->second;
}

Result<Doc> WorldPlugins::policy(std::string_view name, std::string_view kind,
                                 std::string_view ask) const {
  RELANCE_ASSERT(policies_ != nullptr);
  return policies_->policy(name, kind, ask);
}

}  // namespace relance
