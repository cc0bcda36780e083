#include "core/graph/flow.h"

#include <algorithm>

namespace relance {

const Step* Flow::find(std::string_view step_name) const {
  const auto found = std::find_if(steps.begin(), steps.end(),
                                  [&](const Step& step) { return step.name == step_name; });
  return found == steps.end() ? nullptr : &*found;
}

}  // namespace relance
