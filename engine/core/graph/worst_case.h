// The worst case of a flow over all paths: how many touches, how long, at what cost. Goal and stop
// are assumed never to come; parallel branches add up in touches and cost and take the longest in
// time.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/graph/flow.h"

namespace relance {

struct WorstCase {
  std::map<std::string, int> touches;  // by channel name; charges under theirs
  int contacts = 0;                    // touches that reach a person
  Duration time;  // until nothing can run any more, at most the flow's `expire`
  int64_t cost_micro =
      0;  // upper bounds of the channels' estimates, micro-units of the bundle's currency
};

// `cost_of(channel)`: upper bound for one touch in micro-units; 0 where unknown.
WorstCase worst_case(const Flow& flow, const std::function<int64_t(std::string_view)>& cost_of);

}  // namespace relance
