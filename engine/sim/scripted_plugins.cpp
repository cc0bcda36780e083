#include "sim/scripted_plugins.h"

#include "node/generation.h"
#include "node/idle_ports.h"
#include "node/touch_costs.h"

namespace relance {
namespace {

constexpr Duration kKeyWindow = days(30);
constexpr Duration kIndexLag = minutes(1);

Channel played_channel(const PluginEntry& entry, std::string kind) {
  Channel channel;
  channel.name = entry.name;
  channel.delivery = DeliveryClass::keyed;
  delivery_class_from(entry.config.view().find("class").text().value_or(""), channel.delivery);
  channel.can_look_up = channel.delivery != DeliveryClass::blind;
  channel.key_window = kKeyWindow;
  channel.index_lag = kIndexLag;
  channel.contact = kind != "retry" && kind != "webhook";
  channel.conversation = kind == "voice";
  channel.effect_hash = derive_hash({"played", entry.name});
  channel.kind = std::move(kind);
  return channel;
}

// Policies that choose a channel are told what each costs.
bool chooses(const Bundle& bundle) {
  for (const CompiledFlow& compiled : bundle.flows)
    for (const Step& step : compiled.flow.steps)
      if (const auto* send = std::get_if<SendStep>(&step.body); send && !send->choose.empty())
        return true;
  return false;
}

Connector played_connector(const std::string& name) {
  Connector connector;
  connector.name = name;
  connector.delivery = DeliveryClass::keyed;
  connector.can_look_up = true;
  connector.takes_outcomes = true;
  connector.key_window = kKeyWindow;
  connector.effect_hash = derive_hash({"played", name});
  return connector;
}

}  // namespace

// Policies answer at once from what they are asked: they never come to use these.
struct ScriptedPlugins::Surroundings {
  VirtualClock clock{Instant{}};
  NoAlarms alarms;
  NoInbox inbox;
  std::unique_ptr<Net> net = make_no_net();
  SimulatedProcess process;
  HostPorts ports{clock, alarms, inbox, *net, process};
};

ScriptedPlugins::ScriptedPlugins() : surroundings_(std::make_unique<Surroundings>()) {}
ScriptedPlugins::~ScriptedPlugins() = default;

Result<std::unique_ptr<ScriptedPlugins>> ScriptedPlugins::make(const Bundle& bundle,
                                                               PluginLibrary& library,
                                                               std::vector<Error>& errors) {
  std::unique_ptr<ScriptedPlugins> made(new ScriptedPlugins());
  const LoadOptions kinds = load_options(library, false);
  for (const PluginEntry& entry : bundle.channels)
    made->channels_[entry.name] = played_channel(entry, kinds.channel_kind(entry));
  if (chooses(bundle)) {
    for (const auto& [name, cost] : touch_costs(bundle, library)) {
      made->channels_[name].cost_micro = cost.micro;
      made->channels_[name].cost_currency = cost.currency;
    }
  }
  if (bundle.crm) made->connectors_["crm"] = played_connector("crm");
  for (const PluginEntry& entry : bundle.connectors)
    made->connectors_[entry.name] = played_connector(entry.name);
  std::vector<InstanceSpec> policies = instance_specs(bundle, library, {});
  std::erase_if(policies,
                [](const InstanceSpec& spec) { return spec.role != InstanceSpec::Role::policy; });
  auto host = PluginHost::make(library, policies, made->surroundings_->ports, errors);
  if (!host) return host.error();
  made->policies_ = std::move(*host);
  return made;
}

const Channel* ScriptedPlugins::channel(std::string_view name) const {
  const auto found = channels_.find(name);
  return found == channels_.end() ? nullptr : &found->second;
}

const Connector* ScriptedPlugins::connector(std::string_view name) const {
  const auto found = connectors_.find(name);
  return found == connectors_.end() ? nullptr : &found->second;
}

Result<Doc> ScriptedPlugins::policy(std::string_view name, std::string_view kind,
                                    std::string_view ask) const {
  return policies_->policy(name, kind, ask);
}

}  // namespace relance
