// Bringing a bundle to life on a node: plugin instances, rules, earlier flow versions, a new
// generation in the store where the bundle has changed. What a rehearsal and an installation on a
// real clock have in common.
#pragma once

#include "node/generation.h"
#include "node/node_core.h"

namespace relance {

struct StartPorts {
  const Clock& clock;
  Alarms& alarms;
  Net& net;
  const Process& process;
  const CallbackUrls* callbacks = nullptr;  // plugin_host.h
};

// Activates the bundle on the node and finds what was under way (NodeCore::recover). Nothing is
// driven yet. Fails with every error of plugins, configuration or store; all are in `errors`.
Result<std::unique_ptr<ActiveGeneration>> start_bundle(
    NodeCore& node, std::shared_ptr<const Bundle> bundle, PluginLibrary& library,
    const StartPorts& ports, const SandboxOptions& sandbox, std::vector<Error>& errors);

// What a store is opened with.
StoreFactory store_factory(const std::string& url, uint64_t seed, bool rehearsal = false);

}  // namespace relance
