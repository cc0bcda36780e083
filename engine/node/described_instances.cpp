#include "node/described_instances.h"

#include "node/idle_ports.h"

namespace relance {

std::vector<DescribedInstance> described_instances(const Bundle& bundle, PluginLibrary& library) {
  std::vector<DescribedInstance> described;
  IdlePorts idle;
  for (const InstanceSpec& spec : instance_specs(bundle, library, {})) {
    DescribedInstance one{spec.name, spec.plugin, spec.role, spec.isolated, {}, {}, {}};
    const auto host = PluginHost::make(library, {spec}, idle.ports(), one.errors);
    if (host) {
      if (const Channel* channel = (*host)->channel(spec.name)) one.channel = *channel;
      if (const Connector* connector = (*host)->connector(spec.name)) one.connector = *connector;
    }
    described.push_back(std::move(one));
  }
  return described;
}

}  // namespace relance
