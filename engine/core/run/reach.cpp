#include "core/run/reach.h"

#include <algorithm>

namespace relance {
namespace {

enum class Way : uint8_t { open, here, dead };

// `word_of(step)`: the outcome of a step that has ended.
template <class WordOf>
struct Walker {
  const WordOf& word_of;
  RunEnd ending;
  const std::vector<Reached>& known;  // of all earlier steps

  Way edge(const Edge& edge, bool in_join) const {
    switch (known[edge.step]) {
      case Reached::unreached: return edge.bare && in_join ? Way::here : Way::dead;
      case Reached::ended: break;
      default: return Way::open;
    }
    const std::string& word = word_of(edge.step);
    if (edge.bare) return in_join || word != "skipped" ? Way::here : Way::dead;
    const bool named =
        std::find(edge.outcomes.begin(), edge.outcomes.end(), word) != edge.outcomes.end();
    return named ? Way::here : Way::dead;
  }

  Way any(const std::vector<After>& of) const {
    bool open = false;
    for (const After& one : of) {
      const Way way = walk(one, false);
      if (way == Way::here) return Way::here;
      open |= way == Way::open;
    }
    return open ? Way::open : Way::dead;
  }

  Way all(const std::vector<After>& of) const {
    bool open = false;
    bool dead = false;
    for (const After& one : of) {
      const Way way = walk(one, true);
      open |= way == Way::open;
      dead |= way == Way::dead;
    }
    if (dead) return Way::dead;
    if (open) return Way::open;
    return something_ended(of) ? Way::here : Way::dead;
  }

  // A join that was settled by steps that never ran brings nothing.
  bool something_ended(const std::vector<After>& of) const {
    return std::any_of(of.begin(), of.end(), [&](const After& one) {
      if (one.kind != After::Kind::edge) return something_ended(one.of);
      return known[one.edge.step] == Reached::ended && word_of(one.edge.step) != "skipped";
    });
  }

  Way walk(const After& after, bool in_join) const {
    switch (after.kind) {
      case After::Kind::none: return Way::here;
      case After::Kind::edge: return edge(after.edge, in_join);
      case After::Kind::any: return any(after.of);
      case After::Kind::all: return all(after.of);
      case After::Kind::ended: break;
    }
    if (ending == RunEnd::none) return Way::open;
    const bool so = std::find(after.ends.begin(), after.ends.end(), ending) != after.ends.end();
    return so ? Way::here : Way::dead;
  }
};

Reached of_way(Way way) {
  if (way == Way::here) return Reached::ready;
  return way == Way::open ? Reached::open : Reached::unreached;
}

}  // namespace

std::vector<Reached> reach(const Flow& flow, const Run& run) {
  const auto word_of = [&](StepIndex step) -> const std::string& { return run.find(step)->word; };
  std::vector<Reached> reached;
  reached.reserve(flow.steps.size());
  auto state = run.steps.begin();
  for (StepIndex i = 0; i < flow.steps.size(); ++i) {
    while (state != run.steps.end() && state->step < i) ++state;
    if (state != run.steps.end() && state->step == i) {
      reached.push_back(state->phase == Phase::ended ? Reached::ended : Reached::begun);
      continue;
    }
    const After& after = flow.steps[i].after;
    const bool last = after.kind == After::Kind::ended;
    if (!run.live() && !last)
      reached.push_back(Reached::unreached);
    else
      reached.push_back(
          of_way(Walker<decltype(word_of)>{word_of, run.ending, reached}.walk(after, false)));
  }
  return reached;
}

std::vector<Reached> reach_turns(const TalkScript& script,
                                 const std::vector<std::string>& outcomes) {
  const auto word_of = [&](StepIndex turn) -> const std::string& { return outcomes[turn]; };
  std::vector<Reached> reached;
  for (size_t i = 0; i < script.turns.size(); ++i) {
    const Walker<decltype(word_of)> walker{word_of, RunEnd::none, reached};
    reached.push_back(!outcomes[i].empty() ? Reached::ended
                                           : of_way(walker.walk(script.turns[i].after, false)));
  }
  return reached;
}

bool nothing_left(const std::vector<Reached>& reached) {
  return std::none_of(reached.begin(), reached.end(), [](Reached one) {
    return one == Reached::open || one == Reached::ready || one == Reached::begun;
  });
}

}  // namespace relance
