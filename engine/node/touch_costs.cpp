#include "node/touch_costs.h"

#include "node/idle_ports.h"

namespace relance {

std::map<std::string, TouchCost, std::less<>> touch_costs(const Bundle& bundle,
                                                          PluginLibrary& library) {
  std::map<std::string, TouchCost, std::less<>> costs;
  IdlePorts idle;
  for (const InstanceSpec& spec : instance_specs(bundle, library, {})) {
    if (spec.role != InstanceSpec::Role::channel) continue;
    std::vector<Error> errors;
    const auto host = PluginHost::make(library, {spec}, idle.ports(), errors);
    const Channel* channel = host ? (*host)->channel(spec.name) : nullptr;
    if (channel && channel->cost_currency)
      costs[spec.name] = {channel->cost_micro, channel->cost_currency};
  }
  return costs;
}

}  // namespace relance
