#include "core/graph/flow_graph.h"

#include <algorithm>

namespace relance {
namespace {

using Steps = std::vector<bool>;

Steps both(const Steps& a, const Steps& b) {
  Steps out(a.size());
  for (size_t i = 0; i < a.size(); ++i) out[i] = a[i] && b[i];
  return out;
}

Steps either(const Steps& a, const Steps& b) {
  Steps out(a.size());
  for (size_t i = 0; i < a.size(); ++i) out[i] = a[i] || b[i];
  return out;
}

// The classical dominator tree (boost/graph/dominator_tree.hpp) knows only "one of the edges was
// taken", which is `any`. A join (`all`) brings the steps of all its edges, so the data flow is
// computed here; since every edge points to an earlier step, one pass in index order is enough.
class Dominance {
 public:
  explicit Dominance(const Flow& flow) : flow_(flow), starts_surely_(flow.steps.size()) {}

  std::vector<Steps> compute() {
    for (size_t i = 0; i < flow_.steps.size(); ++i) {
      const After& after = flow_.steps[i].after;
      before_.push_back(brought_by(after));
      starts_surely_[i] = fires_surely(after);
    }
    return std::move(before_);
  }

 private:
  Steps none() const { return Steps(flow_.steps.size()); }

  // In every run the step ends with a result (unless the run itself ends first).
  bool ends_surely(StepIndex step) const {
    return starts_surely_[step] && !flow_.steps[step].has_outcome("skipped");
  }

  bool fires_surely(const After& after) const {
    const auto surely = [this](const After& part) { return fires_surely(part); };
    const auto settles = [this](const After& part) { return is_bare(part) || fires_surely(part); };
    switch (after.kind) {
      case After::Kind::none: return true;
      case After::Kind::ended: return false;
      case After::Kind::any: return std::any_of(after.of.begin(), after.of.end(), surely);
      case After::Kind::all:
        return std::any_of(after.of.begin(), after.of.end(), surely) &&
               std::all_of(after.of.begin(), after.of.end(), settles);
      case After::Kind::edge: break;
    }
    return starts_surely_[after.edge.step] && covers_all(after.edge);
  }

  bool covers_all(const Edge& edge) const {
    const auto& words = flow_.steps[edge.step].outcomes;
    const auto named = [&](const std::string& word) {
      return std::find(edge.outcomes.begin(), edge.outcomes.end(), word) != edge.outcomes.end();
    };
    return edge.bare || std::all_of(words.begin(), words.end(), named);
  }

  static bool is_bare(const After& after) {
    return after.kind == After::Kind::edge && after.edge.bare;
  }

  // The steps that have a result once `after` fired.
  Steps brought_by(const After& after) const {
    switch (after.kind) {
      case After::Kind::none:
      case After::Kind::ended: return none();
      case After::Kind::any: return brought_by_any(after.of);
      case After::Kind::all: return brought_by_all(after.of);
      case After::Kind::edge: break;
    }
    Steps out = before_[after.edge.step];
    out[after.edge.step] = !may_be_skipped(after.edge);
    return out;
  }

  bool may_be_skipped(const Edge& edge) const {
    if (edge.bare) return flow_.steps[edge.step].has_outcome("skipped");
    return std::find(edge.outcomes.begin(), edge.outcomes.end(), "skipped") != edge.outcomes.end();
  }

  Steps brought_by_any(const std::vector<After>& alternatives) const {
    if (alternatives.empty()) return none();
    Steps out = brought_by(alternatives.front());
    for (const After& part : alternatives) out = both(out, brought_by(part));
    return out;
  }

  // A bare step inside a join also counts as settled when nothing ever led to it: it brings its
  // results only where it is sure to end. A join in which nothing really ended does not fire, so of
  // bare steps alone one at least is there.
  Steps brought_by_all(const std::vector<After>& parts) const {
    Steps out = none();
    bool bare_only = true;
    for (const After& part : parts) {
      if (is_bare(part) && !ends_surely(part.edge.step)) continue;
      out = either(out, brought_by(part));
      bare_only = bare_only && is_bare(part);
    }
    return bare_only ? either(out, brought_by_any(parts)) : out;
  }

  const Flow& flow_;
  std::vector<Steps> before_;
  Steps starts_surely_;
};

}  // namespace

FlowGraph flow_graph(const Flow& flow) {
  FlowGraph graph(flow.steps.size() + 1);
  for (StepIndex i = 0; i < flow.step_count(); ++i) {
    const auto target = static_cast<FlowGraph::vertex_descriptor>(i) + 1;
    graph[target].step = i;
    const After& after = flow.steps[i].after;
    if (after.kind == After::Kind::none) boost::add_edge(0, target, FlowEdge{}, graph);
    each_edge(after, [&](const Edge& edge, bool joins) {
      const auto outcomes = edge.bare ? std::vector<std::string>{} : edge.outcomes;
      boost::add_edge(edge.step + 1u, target, FlowEdge{outcomes, joins, edge.otherwise}, graph);
    });
  }
  return graph;
}

std::vector<std::vector<bool>> dominators(const Flow& flow) { return Dominance(flow).compute(); }

}  // namespace relance
