// A flow as a Boost.Graph: one vertex a step plus a start vertex; one edge for each way from a
// step's outcome to another step's start. Analyses (reachability, dominance, longest path) and
// drawings stand on this and on nothing else.
#pragma once

#include <boost/graph/adjacency_list.hpp>
#include <string>
#include <vector>

#include "core/graph/flow.h"

namespace relance {

struct FlowVertex {
  StepIndex step = kNoStep;  // kNoStep: the start
};

struct FlowEdge {
  std::vector<std::string> outcomes;  // empty: with the run, or any outcome (bare)
  bool joins = false;                 // the target waits for all of its edges
  bool otherwise = false;             // `outcomes` came from `otherwise`
};

using FlowGraph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, FlowVertex, FlowEdge>;

// Vertex 0 is the start; step i is vertex i + 1.
FlowGraph flow_graph(const Flow& flow);

// For each step, the steps that have certainly ended (with a result) whenever it starts: a join
// (`all`) brings all of its edges, `any` only what every alternative brings.
std::vector<std::vector<bool>> dominators(const Flow& flow);

}  // namespace relance
