#include "base/xml_text.h"

#include "base/text.h"

namespace relance {

std::string xml_escaped(std::string_view text) {
  std::string safe;
  for (const char c : repaired_utf8(text)) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      default:
        if (static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t') safe += c;
    }
  }
  return safe;
}

}  // namespace relance
