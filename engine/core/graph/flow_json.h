// The canonical JSON of a compiled flow: for storage, comparison and drawing. Keys sorted, defaults
// left out, so equal flows give equal text and a pinned version can be checked against what it
// compiles to today.
#pragma once

#include <string>

#include "base/result.h"
#include "core/graph/flow.h"

namespace relance {

std::string flow_to_json(const Flow& flow);
Result<Flow> flow_from_json(std::string_view json);  // fails with store_corrupt

}  // namespace relance
