// When the process dies: at some visits of its seams, as chance and the plan say.
//
// Threads: one.
#pragma once

#include "sim/world/plan.h"
#include "sim/world/story.h"

namespace relance {

class Mortality {
 public:
  Mortality(const Plan& plan, Story& story)
      : plan_(plan), story_(story), chance_(plan.seed, "death"), left_(plan.most_deaths) {}

  // Throws Death, perhaps. `seam` is a literal.
  void visit(std::string_view seam) {
    if (left_ <= 0 || !chance_.one_in(plan_.death)) return;
    --left_;
    story_.tell("death", std::string(seam));
    throw Death{};
  }
  void spare() { left_ = 0; }  // from now on nobody dies

 private:
  const Plan& plan_;
  Story& story_;
  Chance chance_;
  int left_;
};

}  // namespace relance
