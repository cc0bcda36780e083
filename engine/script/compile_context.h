// What a bundle's flows and scripts may name, for the compiler. Threads: any.
#pragma once

#include <functional>

#include "script/bundle.h"
#include "script/compile_flow.h"

namespace relance {

// `kind_of` tells a channel's kind. Points into `bundle`, which must outlive the context; scripts
// are the caller's to add.
CompileContext compile_context(const Bundle& bundle,
                               const std::function<std::string(const PluginEntry&)>& kind_of);

}  // namespace relance
