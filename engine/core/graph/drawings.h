// The four forms of a picture; draw.h chooses.
#pragma once

#include <string>

#include "core/graph/picture.h"

namespace relance {

std::string draw_dot(const Picture& picture);
std::string draw_mermaid(const Picture& picture);
std::string draw_svg(const Picture& picture);
std::string draw_text(const Picture& picture);

// Colours of a look on a light ground: fill and line, "#rrggbb".
struct LookColours {
  std::string_view fill, line;
};
LookColours look_colours(Look look);

}  // namespace relance
