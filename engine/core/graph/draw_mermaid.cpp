#include <fmt/format.h>

#include "base/text.h"
#include "core/graph/drawings.h"

namespace relance {
namespace {

constexpr size_t kLabelWidth = 24;

// Mermaid ends a text at a quote and reads '#' as the start of an entity.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"')
      out += "#quot;";
    else if (c == '#')
      out += "#35;";
    else if (c == '<')
      out += "#lt;";
    else
      out += c;
  }
  return out + '"';
}

std::string lines(const std::vector<std::string>& parts) {
  std::vector<std::string> escaped;
  for (const std::string& part : parts) {
    const std::string text = quoted(part);
    escaped.push_back(text.substr(1, text.size() - 2));
  }
  return join(escaped, "<br>");
}

}  // namespace

std::string draw_mermaid(const Picture& picture) {
  std::string out = "flowchart TD\n";
  for (size_t i = 0; i < picture.boxes.size(); ++i) {
    const Box& box = picture.boxes[i];
    const std::string text = lines({box.title, (box.joins ? "all: " : "") + box.subtitle});
    out += fmt::format("  n{}(\"{}\"):::{}\n", i, text, look_name(box.look));
  }
  for (const Arrow& arrow : picture.arrows) {
    const std::string label = lines(arrow.label(kLabelWidth));
    out += fmt::format("  n{} -->", arrow.from);
    out += label.empty() ? "" : fmt::format("|\"{}\"|", label);
    out += fmt::format(" n{}\n", arrow.to);
  }
  for (int i = 0; i < kLooks; ++i) {
    const auto look = static_cast<Look>(i);
    const LookColours colours = look_colours(look);
    out += fmt::format("  classDef {} fill:{},stroke:{},color:#1f2328\n", look_name(look),
                       colours.fill, colours.line);
  }
  return out;
}

}  // namespace relance
