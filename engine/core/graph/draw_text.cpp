#include <fmt/format.h>

#include "base/text.h"
#include "core/graph/drawings.h"

namespace relance {
namespace {

// One long line per arrow: terminals wrap by themselves.
constexpr size_t kLabelWidth = 10'000;

// A tree: every step stands in full under the first arrow that leads to it, and by name under the
// others.
class TextTree {
 public:
  explicit TextTree(const Picture& picture)
      : picture_(picture), shown_(picture.boxes.size()), out_(picture.boxes.size()) {
    for (const Arrow& arrow : picture.arrows) out_[arrow.from].push_back(&arrow);
  }

  std::string draw() {
    text_ = picture_.title + "\n" + picture_.subtitle + "\n";
    for (size_t i = 0; i < picture_.boxes.size(); ++i) {
      if (picture_.boxes[i].look != Look::start) continue;
      text_ += fmt::format("\n{} ({})\n", picture_.boxes[i].title, picture_.boxes[i].subtitle);
      draw_arrows(i, "");
    }
    return text_;
  }

 private:
  void draw_arrows(size_t box, const std::string& indent) {
    for (size_t i = 0; i < out_[box].size(); ++i) {
      const bool last = i + 1 == out_[box].size();
      text_ += indent + (last ? "└─ " : "├─ ");
      draw_arrow(*out_[box][i], indent + (last ? "   " : "│  "));
    }
  }

  void draw_arrow(const Arrow& arrow, const std::string& indent) {
    const Box& target = picture_.boxes[arrow.to];
    const std::string label = join(arrow.label(kLabelWidth), "; ");
    if (!label.empty()) text_ += label + " → ";
    text_ += target.title;
    if (shown_[arrow.to]) {
      text_ += " ↑\n";
      return;
    }
    shown_[arrow.to] = true;
    text_ += fmt::format(": {}{}\n", target.subtitle, target.joins ? " (waits for all)" : "");
    draw_arrows(arrow.to, indent);
  }

  const Picture& picture_;
  std::vector<bool> shown_;
  std::vector<std::vector<const Arrow*>> out_;  // by box
  std::string text_;
};

}  // namespace

std::string draw_text(const Picture& picture) { return TextTree(picture).draw(); }

}  // namespace relance
