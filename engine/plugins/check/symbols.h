// The symbols that a shared object exports, read from its dynamic symbol table.
//
// Threads: any.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace relance::conformance {

// Defined, global or weak. Fails with file_not_found, file_unreadable, or plugin_open where the
// file is no 64-bit ELF object.
Result<std::vector<std::string>> exported_symbols(const std::string& path);

}  // namespace relance::conformance
