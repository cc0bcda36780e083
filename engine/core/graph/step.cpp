#include "core/graph/step.h"

#include <algorithm>

namespace relance {

bool Step::has_outcome(std::string_view word) const {
  return std::find(outcomes.begin(), outcomes.end(), word) != outcomes.end();
}

}  // namespace relance
