// A plugin in a process of its own, behind the same tables as one in ours: Instance and the bridges
// need not know. Internal to the plugin room.
//
// The static tables and the pure functions (caps_for, check_config, check_query) are those of the
// plugin itself, which the engine maps as ever; `create` and everything behind it run in the child.
// When the child ends, hangs or talks junk, open operations end: UNKNOWN where an effect had begun,
// else NOT_NOW. It is started again with back-off; five ends within a minute pause the instance for
// a minute, and the log says so. Why so: docs/decisions/0014-isolated-plugins.md. Lifetime: the
// LoadedPlugin lives for ever.
#pragma once

#include <functional>

#include "plugins/loaded_plugin.h"

namespace relance {

// The same plugin, isolated. Fails with plugin_open where its file cannot be read again as the same
// build.
Result<const LoadedPlugin*> isolated_plugin(const LoadedPlugin& plugin);

// As rl_plugin.create of an isolated plugin, for which that function has too few arguments.
// `restarted` is called, on a thread of the instance's own, whenever a new process has made the
// instance again: before any other call, to have it begin.
void* create_isolated(const LoadedPlugin& isolated, const rl_host* host, rl_str config,
                      const rl_out* problem, std::function<void()> restarted);

}  // namespace relance
