// A flow as a picture: Graphviz DOT, Mermaid, self-contained SVG (own layered layout, no tool
// needed), or text for a terminal. The same flow gives the same bytes.
#pragma once

#include <string>

#include "core/graph/flow.h"

namespace relance {

enum class DrawAs : uint8_t { dot, mermaid, svg, text };

std::string draw(const Flow& flow, DrawAs as);

}  // namespace relance
