#include <fmt/format.h>

#include "base/text.h"
#include "core/graph/drawings.h"

namespace relance {
namespace {

constexpr size_t kLabelWidth = 24;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    c == '\n' ? out += "\\n" : out += c;
  }
  return out + '"';
}

std::string box_line(size_t number, const Box& box) {
  const LookColours colours = look_colours(box.look);
  const std::string text = box.title + "\n" + (box.joins ? "all: " : "") + box.subtitle;
  return fmt::format("  n{} [label={}, fillcolor=\"{}\", color=\"{}\"];\n", number, quoted(text),
                     colours.fill, colours.line);
}

}  // namespace

std::string draw_dot(const Picture& picture) {
  std::string out = fmt::format("digraph {} {{\n", quoted(picture.title));
  out += fmt::format("  label={}; labelloc=t; labeljust=l;\n",
                     quoted(picture.title + "\n" + picture.subtitle));
  out += "  graph [fontname=\"Helvetica\"];\n";
  out += "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11];\n";
  out += "  edge [fontname=\"Helvetica\", fontsize=9, color=\"#8c959f\"];\n";
  for (size_t i = 0; i < picture.boxes.size(); ++i) out += box_line(i, picture.boxes[i]);
  for (const Arrow& arrow : picture.arrows) {
    const std::string label = join(arrow.label(kLabelWidth), "\n");
    out += fmt::format("  n{} -> n{}", arrow.from, arrow.to);
    out += label.empty() ? ";\n" : fmt::format(" [label={}];\n", quoted(label));
  }
  return out + "}\n";
}

}  // namespace relance
