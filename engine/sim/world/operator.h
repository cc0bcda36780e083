// An operator: pauses flows and channels now and then, switches channels off, and resumes them in
// every way.
//
// Threads: one.
#pragma once

#include "node/pauses.h"
#include "sim/world/plan.h"
#include "sim/world/story.h"

namespace relance {

class Operator {
 public:
  Operator(const Plan& plan, const Rules& rules, Story& story)
      : plan_(plan), rules_(rules), story_(story), chance_(plan.seed, "operator") {}

  // A look at the engine. `last`: what stands is resumed. True: nothing is paused any more.
  bool work(NodeCore& node, bool last);

 private:
  void pause(NodeCore& node);
  void resume(NodeCore& node, const Pause& pause);

  const Plan& plan_;
  const Rules& rules_;
  Story& story_;
  Chance chance_;
};

}  // namespace relance
