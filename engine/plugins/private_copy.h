// A library mapped from a copy of its own: what happens to the file on disk afterwards, overwriting
// in place included, does not reach the running program, and a new build of the same path is
// another library beside the old one.
//
// Owns: the copy lives in memory, with one open descriptor, as long as the process does, like the
// mapping. Costs: the plugin's size; and `$ORIGIN` in its run path means no directory of its own.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace relance {

// Maps `bytes`, which were read from `path`, and gives the handle for dlsym. Every call makes
// another copy: the caller knows libraries by their content. Fails with plugin_open.
Result<void*> map_private_copy(std::string_view bytes, const std::string& path);

}  // namespace relance
