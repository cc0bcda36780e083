// What one touch of each of a bundle's channels costs at most, asked of their plugins without
// anything leaving or beginning.
#pragma once

#include <map>

#include "core/graph/ladder.h"
#include "node/generation.h"

namespace relance {

using TouchCost = ChannelCost;

// By channel. Those whose plugin gives no estimate, or makes no instance, are left out.
// Blocks: as plugins do while they load.
std::map<std::string, TouchCost, std::less<>> touch_costs(const Bundle& bundle,
                                                          PluginLibrary& library);

}  // namespace relance
