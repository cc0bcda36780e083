// The dynamic symbols of a shared object, read from its bytes. Threads: any.
#pragma once

#include <elf.h>

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace relance {

// Fails with plugin_open where the bytes are no shared object for this machine; what is cut off is
// left out.
Status each_dynamic_symbol(
    std::string_view bytes, const std::string& path,
    const std::function<void(const Elf64_Sym& symbol, std::string_view name)>& visit);

// One that the loader keeps once for the whole process (STB_GNU_UNIQUE): of two builds the second
// would work on the first one's. Empty: there is none.
std::string unique_symbol(std::string_view bytes);

}  // namespace relance
