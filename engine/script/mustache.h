// Mustache texts: their tags, found and checked when a template is read.
//
// Variables, sections and inverted sections, comments. Partials and changed delimiters are refused:
// a template is one file whose tags can all be seen. Threads: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace relance {

// The dotted names that `text` uses, in order of appearance, "." left out. `where` is the place of
// its first line. Fails with bad_template at the tag's line.
Result<std::vector<std::string>> mustache_tags(std::string_view text, const Where& where);

}  // namespace relance
