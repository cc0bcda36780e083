// One mapped plugin: its descriptor and static tables, checked. Internal to this room.
//
// Lifetime: for ever; a library is never unmapped, because destructors of thread-local state in it
// may still be due.
#pragma once

#include <relance/channel.h>
#include <relance/connector.h>
#include <relance/conversation.h>
#include <relance/generate.h>
#include <relance/inbound.h>
#include <relance/policy.h>

#include "plugins/plugin_host.h"

namespace relance {

struct LoadedPlugin {
  PluginInfo info;
  const rl_plugin* descriptor = nullptr;
  const rl_channel* channel = nullptr;
  const rl_connector* connector = nullptr;
  const rl_conversation* conversation = nullptr;
  const rl_policy* policy = nullptr;
  const rl_generate* generate = nullptr;
  bool isolated = false;  // in a process of its own: see isolation/isolated_plugin.h
  const rl_inbound* inbound = nullptr;
};

// Maps the file and checks what can be checked without an instance. Fails with plugin_open,
// plugin_abi, plugin_incomplete, plugin_threw; the same file gives the same plugin again.
Result<const LoadedPlugin*> load_plugin(const std::string& path);

}  // namespace relance
