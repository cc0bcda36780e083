#include "core/graph/reach.h"

#include <algorithm>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/pending/queue.hpp>
#include <map>
#include <optional>

#include "core/graph/flow_graph.h"

namespace relance {
namespace {

using Words = std::vector<std::string>;  // sorted

// What must hold of the outcomes so far: a step that is here ended in one of its words.
using World = std::map<StepIndex, Words>;

// The worlds in which something happens. None: never. A world without conditions among them:
// whenever.
using Worlds = std::vector<World>;

// Above it a step counts as possible in any world, which is the safe side.
constexpr size_t kMostWorlds = 64;

std::optional<World> conjunction(World a, const World& b) {
  for (const auto& [step, words] : b) {
    const auto [at, added] = a.emplace(step, words);
    if (added) continue;
    Words common;
    std::set_intersection(at->second.begin(), at->second.end(), words.begin(), words.end(),
                          std::back_inserter(common));
    if (common.empty()) return std::nullopt;
    at->second = std::move(common);
  }
  return a;
}

// Every world of `narrow` is one of `wide`.
bool includes(const World& wide, const World& narrow) {
  return std::all_of(wide.begin(), wide.end(), [&](const auto& condition) {
    const auto at = narrow.find(condition.first);
    const Words& allowed = condition.second;
    return at != narrow.end() &&
           std::includes(allowed.begin(), allowed.end(), at->second.begin(), at->second.end());
  });
}

void add(Worlds& worlds, World world) {
  const auto wider = [&](const World& old) { return includes(old, world); };
  if (std::any_of(worlds.begin(), worlds.end(), wider)) return;
  std::erase_if(worlds, [&](const World& old) { return includes(world, old); });
  if (worlds.size() == kMostWorlds) {
    worlds.assign(1, World{});
    return;
  }
  worlds.push_back(std::move(world));
}

Worlds product(const Worlds& a, const Worlds& b) {
  Worlds out;
  for (const World& x : a) {
    for (const World& y : b) {
      if (auto world = conjunction(x, y)) add(out, std::move(*world));
    }
  }
  return out;
}

class Search {
 public:
  explicit Search(const Flow& flow) : flow_(flow) {}

  std::vector<bool> startable() {
    std::vector<bool> out;
    for (const Step& step : flow_.steps) {
      starts_.push_back(worlds_of(step.after));
      out.push_back(!starts_.back().empty());
    }
    return out;
  }

 private:
  Worlds worlds_of(const After& after) const {
    switch (after.kind) {
      case After::Kind::none:
      case After::Kind::ended: return {World{}};
      case After::Kind::any: return worlds_of_any(after.of);
      case After::Kind::all: return worlds_of_all(after.of);
      case After::Kind::edge: break;
    }
    return worlds_of(after.edge);
  }

  Worlds worlds_of(const Edge& edge) const {
    Words all = flow_.steps[edge.step].outcomes;
    std::sort(all.begin(), all.end());
    if (all.empty()) return {};
    if (edge.bare) return starts_[edge.step];
    Words named = edge.outcomes, words;
    std::sort(named.begin(), named.end());
    std::set_intersection(all.begin(), all.end(), named.begin(), named.end(),
                          std::back_inserter(words));
    if (words.empty()) return {};
    return product(starts_[edge.step], {World{{edge.step, words}}});
  }

  Worlds worlds_of_any(const std::vector<After>& alternatives) const {
    Worlds out;
    for (const After& part : alternatives) {
      for (World& world : worlds_of(part)) add(out, std::move(world));
    }
    return out;
  }

  // A bare step settles whatever becomes of it, so it asks for nothing; but one part at least must
  // really end.
  Worlds worlds_of_all(const std::vector<After>& parts) const {
    Worlds out = {World{}};
    bool bare_only = true;
    for (const After& part : parts) {
      if (part.kind == After::Kind::edge && part.edge.bare) continue;
      bare_only = false;
      out = product(out, worlds_of(part));
    }
    return bare_only ? worlds_of_any(parts) : out;
  }

  const Flow& flow_;
  std::vector<Worlds> starts_;
};

class MarkVisitor : public boost::default_bfs_visitor {
 public:
  explicit MarkVisitor(std::vector<bool>& seen) : seen_(&seen) {}
  void discover_vertex(FlowGraph::vertex_descriptor vertex, const FlowGraph&) {
    (*seen_)[vertex] = true;
  }

 private:
  std::vector<bool>* seen_;
};

// By vertex: an unbroken way of edges leads to it, from the start or from a step that runs at the
// end.
std::vector<bool> connected(const Flow& flow, const std::vector<bool>& startable) {
  FlowGraph graph = flow_graph(flow);
  std::vector<FlowGraph::vertex_descriptor> sources = {0};
  for (size_t i = 0; i < flow.steps.size(); ++i) {
    const bool goes_on = startable[i] && !flow.steps[i].outcomes.empty();
    if (!goes_on) boost::clear_out_edges(i + 1, graph);
    if (flow.steps[i].after.kind == After::Kind::ended) sources.push_back(i + 1);
  }
  std::vector<bool> seen(boost::num_vertices(graph));
  std::vector<boost::default_color_type> colours(boost::num_vertices(graph), boost::white_color);
  boost::queue<FlowGraph::vertex_descriptor> queue;
  boost::breadth_first_visit(graph, sources.begin(), sources.end(), queue, MarkVisitor(seen),
                             colours.data());
  return seen;
}

}  // namespace

std::vector<Reach> reach(const Flow& flow) {
  const std::vector<bool> startable = Search(flow).startable();
  const std::vector<bool> seen = connected(flow, startable);
  std::vector<Reach> out;
  for (size_t i = 0; i < flow.steps.size(); ++i) {
    if (startable[i])
      out.push_back(Reach::possible);
    else
      out.push_back(seen[i + 1] ? Reach::contradiction : Reach::cut_off);
  }
  return out;
}

}  // namespace relance
