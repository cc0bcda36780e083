// What functions and tables of a flow look at: unknown fields of `run`, steps that do not exist,
// fields no event carries.
//
// Errors: an unknown path in a table, `before`, `since` or `by` (E0116), an unknown field of `run`
// or step in a function (E0116, E0106). Warning: a function reads a field that the catalogue does
// not know of its events (E0116); data may carry more than is declared. Threads: one.
#pragma once

#include "script/compilation.h"

namespace relance {

// Once all steps are known. Fills build.reads.
void check_reads(Compilation& compilation);

}  // namespace relance
