// The header of a flow: `flow "name" { start = ..., key = ..., purpose = ... }`.
//
// Threads: one.
#pragma once

#include "script/compilation.h"

namespace relance {

// Fills the flow of `compilation`. `header.line` is where the header stands.
void read_header(Compilation& compilation, const Value& header);

}  // namespace relance
