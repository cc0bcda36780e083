// Where the table stands that a file returns. Lua forgets the line of `return contact { ... }`,
// because a returned call leaves no frame behind; so the last `return` at the beginning of a line
// is looked for.
#pragma once

#include <algorithm>
#include <string>

#include "script/fields.h"

namespace relance {

inline Place returned_place(const Value& returned, const SourceFile& file) {
  if (returned.line > 0) return {&file, returned.line, {}};
  const std::string_view text = file.text;
  const size_t found = text.rfind("\nreturn");
  const size_t at = found == std::string_view::npos ? 0 : found + 1;
  const auto lines = std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
  return {&file, static_cast<int>(lines) + 1, {}};
}

}  // namespace relance
