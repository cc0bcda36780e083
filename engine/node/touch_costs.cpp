#include "node/touch_costs.h"

#include "node/described_instances.h"

namespace relance {

std::map<std::string, TouchCost, std::less<>> touch_costs(const Bundle& bundle,
                                                          PluginLibrary& library) {
  std::map<std::string, TouchCost, std::less<>> costs;
  for (const DescribedInstance& one : described_instances(bundle, library))
    if (one.channel && one.channel->cost_currency)
      costs[one.name] = {one.channel->cost_micro, one.channel->cost_currency};
  return costs;
}

}  // namespace relance
