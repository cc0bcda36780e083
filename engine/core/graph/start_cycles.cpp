#include "core/graph/start_cycles.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/transitive_closure.hpp>
#include <functional>
#include <map>
#include <set>

namespace relance {
namespace {

// May this step end so at the instant at which it began? What waits for a provider alone is as fast
// as the provider. A local time or a moment of the event may be this very instant.
bool is_at_once(const Step& step, std::string_view outcome) {
  if (outcome == "skipped") return true;
  if (const auto* wait = std::get_if<WaitStep>(&step.body))
    return !wait->duration || wait->duration->ms <= 0;
  if (const auto* await = std::get_if<AwaitStep>(&step.body))
    return outcome == "expired" && await->within && await->within->ms <= 0;
  if (step.kind() == StepKind::handoff) return false;  // a person takes time
  return step.kind() != StepKind::send || (outcome != "ignored" && outcome != "responded");
}

// For each step: may it begin at the instant at which its run does?
std::vector<bool> soon_steps(const Flow& flow) {
  std::vector<bool> soon(flow.steps.size());
  const auto ends_at_once = [&](const Edge& edge) {
    const Step& step = flow.steps[edge.step];
    const auto& words = edge.bare ? step.outcomes : edge.outcomes;
    return soon[edge.step] && std::any_of(words.begin(), words.end(), [&](const std::string& word) {
             return is_at_once(step, word);
           });
  };
  const std::function<bool(const After&, bool)> fires = [&](const After& after, bool joins) {
    const auto part = [&](const After& one) { return fires(one, after.kind == After::Kind::all); };
    switch (after.kind) {
      case After::Kind::none: return true;
      case After::Kind::ended: return false;
      case After::Kind::any: return std::any_of(after.of.begin(), after.of.end(), part);
      case After::Kind::all: return std::all_of(after.of.begin(), after.of.end(), part);
      case After::Kind::edge: break;
    }
    // A bare step in a join counts as settled when no way leads to it any more.
    const bool may_be_unreached =
        joins && after.edge.bare && flow.steps[after.edge.step].after.kind != After::Kind::none;
    return may_be_unreached || ends_at_once(after.edge);
  };
  for (StepIndex i = 0; i < flow.step_count(); ++i) soon[i] = fires(flow.steps[i].after, false);
  return soon;
}

// For each step: does every run come to it, if nothing ends the run before?
std::vector<bool> certain_steps(const Flow& flow) {
  std::vector<bool> certain(flow.steps.size());
  // Alternatives that together name all outcomes of a step that is certain.
  const auto covers_one = [&](const std::vector<After>& alternatives) {
    std::map<StepIndex, std::set<std::string>> named;
    for (const After& one : alternatives)
      if (one.kind == After::Kind::edge && certain[one.edge.step])
        named[one.edge.step].insert(one.edge.outcomes.begin(), one.edge.outcomes.end());
    return std::any_of(named.begin(), named.end(), [&](const auto& each) {
      const std::vector<std::string>& words = flow.steps[each.first].outcomes;
      return std::all_of(words.begin(), words.end(),
                         [&](const std::string& word) { return each.second.contains(word); });
    });
  };
  const std::function<bool(const After&)> fires = [&](const After& after) {
    switch (after.kind) {
      case After::Kind::none: return true;
      case After::Kind::ended: return false;
      case After::Kind::all: return std::all_of(after.of.begin(), after.of.end(), fires);
      case After::Kind::any:
        return covers_one(after.of) || std::any_of(after.of.begin(), after.of.end(), fires);
      case After::Kind::edge: break;
    }
    return certain[after.edge.step] && (after.edge.bare || covers_one({after}));
  };
  for (StepIndex i = 0; i < flow.step_count(); ++i) certain[i] = fires(flow.steps[i].after);
  return certain;
}

// What ends a run of this flow from any step.
bool has_way_out(const Flow& flow) {
  const bool stops = std::any_of(flow.steps.begin(), flow.steps.end(),
                                 [](const Step& step) { return step.kind() == StepKind::stop; });
  return stops || flow.recheck || !flow.goal.empty() || !flow.stop.empty();
}

bool takes_everyone(const Flow& flow, bool own) {
  return !flow.when && flow.holdout_percent == 0 && (own || flow.re_entry == ReEntry::always);
}

struct Start {
  size_t from = 0, to = 0;  // flows
  const Step* step = nullptr;
  bool at_once = false;  // maybe at the instant at which its run begins
  bool certain = false;  // every run comes to it, and its target takes everyone
};

std::vector<Start> starts_of(std::span<const Flow* const> flows) {
  std::vector<Start> starts;
  for (size_t from = 0; from < flows.size(); ++from) {
    const Flow& flow = *flows[from];
    const std::vector<bool> soon = soon_steps(flow), certain = certain_steps(flow);
    for (StepIndex i = 0; i < flow.step_count(); ++i) {
      const auto* body = std::get_if<StartFlowStep>(&flow.steps[i].body);
      if (!body) continue;
      for (size_t to = 0; to < flows.size(); ++to) {
        if (flows[to]->name != body->flow) continue;
        const bool sure = certain[i] && !flow.steps[i].when && !has_way_out(flow) &&
                          takes_everyone(*flows[to], to == from);
        starts.push_back({from, to, &flow.steps[i], soon[i], sure});
      }
    }
  }
  return starts;
}

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

// From which flow does a way of these starts lead to which?
template <class Counts>
Graph ways(const std::vector<Start>& starts, size_t flows, Counts counts) {
  Graph graph(flows), closed;
  for (const Start& start : starts)
    if (counts(start)) boost::add_edge(start.from, start.to, graph);
  boost::transitive_closure(graph, closed);
  return closed;
}

std::string chain(const Flow& from, const Flow& to) {
  return &from == &to
             ? fmt::format("flow '{}' begins anew", from.name)
             : fmt::format("flow '{}' starts '{}', which leads back to it", from.name, to.name);
}

}  // namespace

std::vector<Finding> check_start_cycles(std::span<const Flow* const> flows) {
  std::vector<Finding> findings;
  const std::vector<Start> starts = starts_of(flows);
  if (starts.empty()) return findings;
  const Graph fast = ways(starts, flows.size(), [](const Start& one) { return one.at_once; });
  const Graph endless = ways(starts, flows.size(), [](const Start& one) { return one.certain; });
  const auto leads_back = [](const Graph& graph, const Start& one) {
    return one.from == one.to || boost::edge(one.to, one.from, graph).second;
  };
  for (const Start& start : starts) {
    const Flow& from = *flows[start.from];
    const Where where{from.file, start.step->line};
    const std::string told = chain(from, *flows[start.to]);
    if (start.at_once && leads_back(fast, start)) {
      findings.push_back({Severity::error,
                          {Code::starts_spin, told + ", and no time need pass between", where,
                           "put a wait { duration } on every way to the start"}});
    } else if (start.certain && leads_back(endless, start)) {
      findings.push_back({Severity::error,
                          {Code::starts_for_ever, told + ", and nothing ever ends it", where,
                           "give it a goal or a stop, or let a `when` end the chain"}});
    }
  }
  return findings;
}

}  // namespace relance
