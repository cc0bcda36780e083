// What segments ask of the CRM, against the fields that it has.
//
// Asks a CRM that stays in a sandbox (a file); another is asked by its first page, whose failure
// stands in the search. Threads: any. Blocks: while the file is read.
#pragma once

#include "node/generation.h"

namespace relance {

// An error (E0160) at the flow's segment for each field that its CRM does not have.
std::vector<Finding> check_segment_fields(const Bundle& bundle, PluginLibrary& library);

}  // namespace relance
