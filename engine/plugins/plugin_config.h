// An instance's configuration on its way to the plugin: secrets as names, paths made absolute,
// defaults of the schema filled in, checked against the plugin's JSON Schema (draft 4) and by the
// plugin itself. Internal to this room.
#pragma once

#include "plugins/loaded_plugin.h"

namespace relance {

// The JSON to hand to `create`. Fails with plugin_config at the spec's place, naming the field;
// missing_secret where the environment lacks one that it names; without a process none is looked
// for.
Result<std::string> prepare_config(const LoadedPlugin& plugin, const InstanceSpec& spec,
                                   const Process* process);

}  // namespace relance
