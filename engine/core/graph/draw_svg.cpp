#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/graph/drawings.h"
#include "core/graph/layered_layout.h"

namespace relance {
namespace {

// Text is measured by its characters: wide enough for the fonts that readers have.
constexpr double kTitleChar = 8.0, kSubtitleChar = 6.3, kLabelChar = 6.7;
constexpr double kBoxHeight = 44, kBoxPadding = 14, kLeastBox = 92;
constexpr double kLabelLine = 14, kLabelPadding = 4;
constexpr double kMargin = 24, kHeader = 62;
constexpr size_t kLabelWidth = 22;

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

long px(double v) { return std::lround(v); }

double characters(std::string_view utf8) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  return static_cast<double>(std::count_if(utf8.begin(), utf8.end(), starts));
}

Extent box_extent(const Box& box) {
  const double text =
      std::max(characters(box.title) * kTitleChar, characters(box.subtitle) * kSubtitleChar);
  return {std::max(kLeastBox, text + 2 * kBoxPadding), kBoxHeight};
}

Extent label_extent(const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  double longest = 0;
  for (const std::string& line : lines) longest = std::max(longest, characters(line));
  return {longest * kLabelChar + 2 * kLabelPadding,
          static_cast<double>(lines.size()) * kLabelLine + 2 * kLabelPadding};
}

// The sheet is a card of its own, so it reads on any page; where the viewer prefers dark, the card
// and the writing on it turn dark and the boxes stay.
std::string style() {
  std::string out =
      "<style>\n"
      ".card{fill:#ffffff;stroke:#d0d7de}.name{fill:#1f2328;font-size:17px;font-weight:600}"
      ".facts{fill:#59636e;font-size:12px}\n"
      ".title{fill:#1f2328;font-size:13px;font-weight:600}.sub{fill:#4b5560;font-size:11px}\n"
      ".way{fill:none;stroke:#8c959f;stroke-width:1.4}.tip{fill:#8c959f}\n"
      ".back{fill:#ffffff}.label{fill:#424a53;font:11px ui-monospace,SFMono-Regular,Menlo,"
      "Consolas,'DejaVu Sans Mono',monospace}.other{fill:#7a838d}\n"
      ".all{fill:#57606a}.alltext{fill:#ffffff;font-size:9px;font-weight:600}\n";
  for (int i = 0; i < kLooks; ++i) {
    const auto look = static_cast<Look>(i);
    const LookColours colours = look_colours(look);
    out += fmt::format(".{}{{fill:{};stroke:{};stroke-width:1.3}}\n", look_name(look), colours.fill,
                       colours.line);
  }
  return out +
         "@media (prefers-color-scheme:dark){.card,.back{fill:#161b22}.card{stroke:#30363d}"
         ".name{fill:#f0f3f6}.facts,.label{fill:#b6bfc9}.other{fill:#8b949e}}\n</style>\n";
}

std::string text_at(double x, double y, std::string_view style_class, std::string_view text,
                    std::string_view anchor = "middle") {
  return fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\" text-anchor=\"{}\">{}</text>\n", px(x),
                     px(y), style_class, anchor, escaped(text));
}

std::string way_path(const std::vector<Point>& way) {
  std::string out = fmt::format("M{} {}", px(way[0].x), px(way[0].y));
  for (size_t i = 1; i < way.size(); ++i) {
    const Point& from = way[i - 1];
    const Point& to = way[i];
    const bool straight = i % 2 == 0 || px(from.x) == px(to.x);
    if (straight) {
      out += fmt::format("L{} {}", px(to.x), px(to.y));
      continue;
    }
    const double bend = (to.y - from.y) / 2;
    out += fmt::format("C{} {} {} {} {} {}", px(from.x), px(from.y + bend), px(to.x),
                       px(to.y - bend), px(to.x), px(to.y));
  }
  return out;
}

std::string draw_way(std::vector<Point> way) {
  const Point tip = way.back();
  way.back().y -= 6;  // the line ends inside the tip
  return fmt::format(
      "<path class=\"way\" d=\"{}\"/>\n<path class=\"tip\" d=\"M{} {}l-4.5 -8h9z\"/>\n",
      way_path(way), px(tip.x), px(tip.y));
}

std::string draw_label(Point centre, const Arrow& arrow, const std::vector<std::string>& lines) {
  const Extent extent = label_extent(lines);
  std::string out =
      fmt::format("<rect class=\"back\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n",
                  px(centre.x - extent.width / 2), px(centre.y - extent.height / 2),
                  px(extent.width), px(extent.height));
  const size_t named = Arrow{0, 0, arrow.words, {}}.label(kLabelWidth).size();
  double y = centre.y - extent.height / 2 + kLabelPadding + 10;
  for (size_t i = 0; i < lines.size(); ++i, y += kLabelLine) {
    out += text_at(centre.x, y, i < named ? "label" : "label other", lines[i]);
  }
  return out;
}

std::string draw_box(Point centre, const Box& box) {
  const Extent extent = box_extent(box);
  const bool round = box.look == Look::start || box.look == Look::time;
  const double left = centre.x - extent.width / 2, top = centre.y - extent.height / 2;
  std::string out = fmt::format(
      "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"/>\n",
      look_name(box.look), px(left), px(top), px(extent.width), px(extent.height), round ? 22 : 7);
  out += text_at(centre.x, centre.y - 4, "title", box.title);
  out += text_at(centre.x, centre.y + 13, "sub", box.subtitle);
  if (!box.joins) return out;
  out +=
      fmt::format("<rect class=\"all\" x=\"{}\" y=\"{}\" width=\"22\" height=\"14\" rx=\"7\"/>\n",
                  px(left - 11), px(centre.y - 7));
  return out + text_at(left, centre.y + 3, "alltext", "all");
}

LayoutInput layout_input(const Picture& picture) {
  LayoutInput input;
  for (size_t i = 0; i < picture.boxes.size(); ++i) {
    input.nodes.push_back(box_extent(picture.boxes[i]));
    input.low.push_back(i > 0 && picture.boxes[i].look == Look::start);
  }
  for (const Arrow& arrow : picture.arrows) {
    input.links.push_back({arrow.from, arrow.to, label_extent(arrow.label(kLabelWidth))});
  }
  return input;
}

}  // namespace

std::string draw_svg(const Picture& picture) {
  const Layout layout = layered_layout(layout_input(picture));
  const double header =
      std::max(characters(picture.title) * 10, characters(picture.subtitle) * kSubtitleChar * 1.1);
  const double inside = std::max(layout.size.width, header);
  const double width = inside + 2 * kMargin, height = layout.size.height + kHeader + 2 * kMargin;
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
      "{1}\" "
      "font-family=\"-apple-system,'Segoe UI',Helvetica,Arial,'DejaVu Sans',sans-serif\" "
      "role=\"img\">\n<title>{2}</title>\n",
      px(width), px(height), escaped(picture.title));
  out += style();
  out += fmt::format(
      "<rect class=\"card\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"10\"/>\n",
      px(width) - 1, px(height) - 1);
  out += text_at(kMargin, kMargin + 14, "name", picture.title, "start");
  out += text_at(kMargin, kMargin + 34, "facts", picture.subtitle, "start");
  out += fmt::format("<g transform=\"translate({} {})\">\n",
                     px(kMargin + (inside - layout.size.width) / 2), px(kMargin + kHeader));
  for (const auto& way : layout.ways) out += draw_way(way);
  for (size_t i = 0; i < picture.arrows.size(); ++i) {
    const auto lines = picture.arrows[i].label(kLabelWidth);
    if (!lines.empty()) out += draw_label(layout.labels[i], picture.arrows[i], lines);
  }
  for (size_t i = 0; i < picture.boxes.size(); ++i) {
    out += draw_box(layout.nodes[i], picture.boxes[i]);
  }
  return out + "</g>\n</svg>\n";
}

}  // namespace relance
