// Text inside XML, as an attribute or between tags.
#pragma once

#include <string>
#include <string_view>

namespace relance {

// Markup is escaped, what is not UTF-8 repaired. XML 1.0 has no place for control characters, not
// even escaped: they are left out, but for line ends and tabs.
std::string xml_escaped(std::string_view text);

}  // namespace relance
