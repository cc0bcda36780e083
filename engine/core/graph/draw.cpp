#include "core/graph/draw.h"

#include "core/graph/drawings.h"

namespace relance {

LookColours look_colours(Look look) {
  switch (look) {
    case Look::start: return {"#eef1f4", "#8c959f"};
    case Look::reach: return {"#dcedfc", "#2f7fc4"};
    case Look::charge: return {"#d9f2e0", "#2c9a4b"};
    case Look::decide: return {"#fdf0c8", "#b98a1d"};
    case Look::time: return {"#ebe4fa", "#7d57c9"};
    case Look::connect: return {"#d7f1ef", "#21898a"};
    case Look::person: return {"#fde2dd", "#cb4b3c"};
    case Look::note: return {"#f1ece4", "#8a7761"};
    case Look::stop: break;
  }
  return {"#e3e6ea", "#57606a"};
}

std::string draw(const Flow& flow, DrawAs as) {
  const Picture picture = picture_of(flow);
  switch (as) {
    case DrawAs::dot: return draw_dot(picture);
    case DrawAs::mermaid: return draw_mermaid(picture);
    case DrawAs::svg: return draw_svg(picture);
    case DrawAs::text: break;
  }
  return draw_text(picture);
}

}  // namespace relance
