// The mappings that are compiled into a plugin: each NAME.json beside its code.
#pragma once

#include <cstddef>
#include <string_view>

namespace sources {

struct CompiledDocument {
  std::string_view name, text;
};
extern const CompiledDocument kDocuments[];
extern const size_t kDocumentsCount;

}  // namespace sources
