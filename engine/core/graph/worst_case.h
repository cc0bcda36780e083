// The worst case of a flow over all paths: how many touches, how long, at what cost. Goal and stop
// are assumed never to come; parallel branches add up in touches and cost and take the longest in
// time. What outcomes exclude is not counted together; each figure is the worst by itself, so two
// of them may belong to different paths.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>

#include "core/graph/flow.h"
#include "core/graph/talk.h"

namespace relance {

struct WorstCase {
  std::map<std::string, int> touches;  // by channel name; charges under theirs
  int contacts = 0;                    // touches that reach a person
  // Until nothing can run any more, at most the flow's `expire`. A policy, a callback, a moment
  // told by a field, and an await or handoff without `within` count as until `expire`; a time of
  // day as 24 h more for each try. What the gate holds back is not in it.
  Duration time;
  int64_t cost_micro = 0;  // upper bounds of the channels' estimates, micro-units of the currency
};

// `scripts`: those that the flow's sends name; the messages of their `text` turns are touches too,
// in the one call that is answered and in each callback. `cost_of(channel)`: upper bound for one
// touch in micro-units; 0 where unknown. A flow with very many combinations of outcomes gets the
// sum over all its steps, which is never too low.
WorstCase worst_case(const Flow& flow, std::span<const TalkScript> scripts,
                     const std::function<int64_t(std::string_view)>& cost_of);

}  // namespace relance
