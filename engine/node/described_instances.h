// The plugin instances of a bundle as their plugins describe them, and what stands against each,
// without anything leaving or beginning.
#pragma once

#include <optional>

#include "node/generation.h"

namespace relance {

struct DescribedInstance {
  std::string name, plugin;  // "email", "relance.email.smtp"
  InstanceSpec::Role role = InstanceSpec::Role::channel;
  bool isolated = false;
  std::optional<Channel> channel;      // of a channel whose plugin and configuration are right
  std::optional<Connector> connector;  // of a connector
  std::vector<Error> errors;           // unknown plugin, wrong configuration, missing secret
};

// In the order of the bundle. Blocks: as plugins do while they load.
std::vector<DescribedInstance> described_instances(const Bundle& bundle, PluginLibrary& library);

}  // namespace relance
