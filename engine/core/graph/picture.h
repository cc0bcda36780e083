// What the drawings of a flow have in common: boxes with two lines of text, and labelled arrows.
#pragma once

#include <string>
#include <vector>

#include "core/graph/flow.h"

namespace relance {

// How a box looks: what the step is about, for the eye.
enum class Look : uint8_t { start, reach, charge, decide, time, connect, person, note, stop };
std::string_view look_name(Look look);
inline constexpr int kLooks = 9;

struct Box {
  std::string title;     // the step's name, or what starts the flow
  std::string subtitle;  // "send email, 2 tries"
  Look look = Look::start;
  bool joins = false;  // waits for all of its arrows
};

// One arrow for all edges between two boxes. Without words: whatever the outcome, or with the run.
struct Arrow {
  size_t from = 0, to = 0;
  std::vector<std::string> words;
  std::vector<std::string> otherwise;  // the words for which `otherwise` stands

  // "declined, refused", "otherwise: late, busy", in lines of at most `width` characters (a longer
  // word has a line of its own).
  std::vector<std::string> label(size_t width) const;
};

// Box 0 is the start of the run and box i + 1 step i; after them come the ways in which a run ends
// that start steps of their own. Arrows stand in the order of their boxes.
struct Picture {
  std::string title;
  std::string subtitle;  // "recovery flow, at most 28 d; goal: payment.succeeded"
  std::vector<Box> boxes;
  std::vector<Arrow> arrows;
};

Picture picture_of(const Flow& flow);

}  // namespace relance
