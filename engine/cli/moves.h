// What would become of runs, as the engine told it (node/migration.h), for people.
#pragma once

#include "base/doc.h"

namespace relance::cli {

void print_moves(DocView runs);

}  // namespace relance::cli
