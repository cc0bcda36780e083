#include "core/graph/worst_case.h"

#include <algorithm>

#include "core/graph/reach.h"

namespace relance {
namespace {

// What one step may add. Only sends and charges do.
struct Spending {
  std::vector<std::string> channels;  // each touch goes over any of them
  int touches = 0;
  bool reaches_a_person = false;
};

Spending spending_of(const Step& step) {
  if (const auto* charge = std::get_if<ChargeStep>(&step.body))
    return {{charge->via}, charge->tries};
  const auto* send = std::get_if<SendStep>(&step.body);
  if (send == nullptr) return {};
  Spending spending{{}, send->tries + send->callbacks};
  for (const SendChannel& one : send->over()) {
    spending.channels.push_back(one.via);
    spending.reaches_a_person |= one.kind != "retry" && one.kind != "webhook" && one.kind != "desk";
  }
  return spending;
}

// A step ends in these before its first touch.
bool is_untouched(std::string_view outcome) {
  return outcome == "skipped" || outcome == "denied" || outcome == "late";
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

using Conversations = std::map<std::string, WorstCase, std::less<>>;

// A script's turns as steps: those that send a message as sends, all others as waits.
Flow as_flow(const TalkScript& script) {
  Flow flow;
  for (const Turn& turn : script.turns) {
    Step step;
    step.after = turn.after;
    step.outcomes = turn.outcomes;
    step.body = WaitStep{};
    if (turn.kind == TurnKind::text) {
      SendStep message;
      message.via = turn.via;
      step.body = std::move(message);
    }
    flow.steps.push_back(std::move(step));
  }
  return flow;
}

// Walks all combinations of outcomes at once, step by step. A state says how each step ended that a
// later edge still asks for; states that look alike from there on are one, with the larger figures.
class Spendthrift {
 public:
  // `conversations`: by script, the worst of one call.
  Spendthrift(const Flow& flow, const std::function<int64_t(std::string_view)>& cost_of,
              const Conversations& conversations)
      : flow_(flow), conversations_(conversations) {
    for (const Step& step : flow.steps) {
      const Spending spending = spending_of(step);
      for (const std::string& channel : spending.channels) cost_of_[channel] = cost_of(channel);
    }
    last_use_.resize(flow.steps.size());
    for (StepIndex i = 0; i < flow.step_count(); ++i) {
      last_use_[i] = i;
      each_edge(flow.steps[i].after, [&](const Edge& edge, bool) { last_use_[edge.step] = i; });
    }
  }

  WorstCase compute() {
    States states = {{State(flow_.steps.size(), kNotStarted), WorstCase{}}};
    for (StepIndex i = 0; i < flow_.step_count(); ++i) {
      states = after_step(i, states);
      if (states.size() > kMostStates) return sum_of_all();
    }
    WorstCase worst;
    for (const auto& [state, figures] : states) take_larger(worst, figures);
    return worst;
  }

 private:
  using State = std::vector<int16_t>;  // by step: the outcome by number
  using States = std::map<State, WorstCase>;
  static constexpr int16_t kNotStarted = -1, kNoOutcome = -2;
  static constexpr size_t kMostStates = 4000;

  States after_step(StepIndex i, const States& states) const {
    const std::vector<int16_t> endings = endings_of(i);
    States next;
    for (const auto& [state, figures] : states) {
      if (!fires(flow_.steps[i].after, state)) {
        merge(next, i, state, kNotStarted, figures);
        continue;
      }
      for (int16_t ending : endings) {
        merge(next, i, state, ending, ended_as(i, ending, figures));
      }
    }
    return next;
  }

  // Of the outcomes that the same later edges name, one is enough: one with touches if there is.
  std::vector<int16_t> endings_of(StepIndex i) const {
    const Step& step = flow_.steps[i];
    std::map<std::vector<bool>, int16_t> by_use;
    for (size_t n = 0; n < step.outcomes.size(); ++n) {
      std::vector<bool> used_by;
      for (const Step& later : flow_.steps) {
        each_edge(later.after, [&](const Edge& edge, bool) {
          if (edge.step == i) used_by.push_back(contains(edge.outcomes, step.outcomes[n]));
        });
      }
      const auto [at, added] = by_use.emplace(std::move(used_by), static_cast<int16_t>(n));
      const bool better = is_untouched(step.outcomes[static_cast<size_t>(at->second)]);
      if (!added && better) at->second = static_cast<int16_t>(n);
    }
    std::vector<int16_t> out;
    out.reserve(by_use.size());
    for (const auto& [use, ending] : by_use) out.push_back(ending);
    if (out.empty()) out.push_back(kNoOutcome);
    return out;
  }

  bool fires(const After& after, const State& state) const {
    const auto part_fires = [&](const After& part) { return fires(part, state); };
    const auto settled = [&](const After& part) {
      return (part.kind == After::Kind::edge && part.edge.bare) || fires(part, state);
    };
    switch (after.kind) {
      case After::Kind::none: return true;
      case After::Kind::ended: return false;
      case After::Kind::all:
        return std::all_of(after.of.begin(), after.of.end(), settled) &&
               std::any_of(after.of.begin(), after.of.end(), part_fires);
      case After::Kind::any: return std::any_of(after.of.begin(), after.of.end(), part_fires);
      case After::Kind::edge: break;
    }
    const int16_t ending = state[after.edge.step];
    if (ending < 0) return false;
    const std::string& word = flow_.steps[after.edge.step].outcomes[static_cast<size_t>(ending)];
    return after.edge.bare || contains(after.edge.outcomes, word);
  }

  WorstCase ended_as(StepIndex i, int16_t ending, WorstCase figures) const {
    const Step& step = flow_.steps[i];
    if (ending < 0 || !is_untouched(step.outcomes[static_cast<size_t>(ending)])) {
      spend(step, figures);
    }
    return figures;
  }

  void spend(const Step& step, WorstCase& figures) const {
    const Spending spending = spending_of(step);
    if (spending.touches == 0) return;
    int64_t dearest = 0;
    for (const std::string& channel : spending.channels) {
      figures.touches[channel] += spending.touches;
      dearest = std::max(dearest, cost_of_.at(channel));
    }
    if (spending.reaches_a_person) figures.contacts += spending.touches;
    figures.cost_micro += spending.touches * dearest;
    talk(step, figures);
  }

  // Only a call that is answered is a conversation, and it is not tried again.
  void talk(const Step& step, WorstCase& figures) const {
    const auto* send = std::get_if<SendStep>(&step.body);
    if (send == nullptr) return;
    const auto said = conversations_.find(send->script);
    if (said == conversations_.end()) return;
    const int calls = 1 + send->callbacks;
    for (const auto& [channel, touches] : said->second.touches)
      figures.touches[channel] += calls * touches;
    figures.contacts += calls * said->second.contacts;
    figures.cost_micro += calls * said->second.cost_micro;
  }

  void merge(States& states, StepIndex i, State state, int16_t ending,
             const WorstCase& figures) const {
    state[i] = ending;
    for (StepIndex earlier = 0; earlier <= i; ++earlier) {
      if (last_use_[earlier] <= i) state[earlier] = kNotStarted;
    }
    take_larger(states[std::move(state)], figures);
  }

  static void take_larger(WorstCase& into, const WorstCase& other) {
    for (const auto& [channel, touches] : other.touches) {
      into.touches[channel] = std::max(into.touches[channel], touches);
    }
    into.contacts = std::max(into.contacts, other.contacts);
    into.cost_micro = std::max(into.cost_micro, other.cost_micro);
  }

  WorstCase sum_of_all() const {
    WorstCase sum;
    for (const Step& step : flow_.steps) spend(step, sum);
    return sum;
  }

  const Flow& flow_;
  const Conversations& conversations_;
  std::map<std::string, int64_t> cost_of_;
  std::vector<StepIndex> last_use_;  // the last step with an edge from it
};

// How long a step may take, never more than `most`.
class Span {
 public:
  explicit Span(Duration most) : most_(most) {}

  Duration of(const Step& step) const {
    const auto longest = [this](const auto& body) { return take(body); };
    return std::min(most_, std::visit(longest, step.body));
  }

 private:
  template <class Body>
  Duration take(const Body&) const {
    return {};
  }
  Duration take(const WaitStep& wait) const {
    if (wait.before) return most_;
    return wait.until_local ? days(1) : wait.duration.value_or(Duration{});
  }
  Duration take(const AwaitStep& await) const { return await.within.value_or(most_); }
  Duration take(const HandoffStep& handoff) const { return handoff.within.value_or(most_); }
  Duration take(const ChargeStep& charge) const {
    return tries(charge.tries, charge.tries - 1, charge.gap, charge.at);
  }
  Duration take(const SendStep& send) const {
    if (send.callbacks > 0) return most_;
    const int windows =
        send.expect.empty() ? send.tries - 1 : send.tries;  // the last one counts too
    return tries(send.tries, windows, send.gap, send.at);
  }
  Duration tries(int count, int gaps, std::optional<Duration> gap, const SendTime& at) const {
    if (!at.policy.empty()) return most_;
    const bool at_a_time = at.local || !at.path.empty();
    const Duration until_time = at_a_time ? days(1) * count : Duration{};
    const Duration between = gap.value_or(at_a_time ? Duration{} : days(1));
    if (gaps > 0 && between.ms > most_.ms / gaps) return most_;
    return between * gaps + until_time;
  }

  Duration most_;
};

// Every edge points to an earlier step, so one pass in index order finds the longest way.
Duration longest_time(const Flow& flow) {
  const Span span(flow.expire);
  const std::vector<Reach> reached = reach(flow);
  std::vector<Duration> start(flow.steps.size()), end(flow.steps.size());
  Duration longest;
  for (size_t i = 0; i < flow.steps.size(); ++i) {
    const Step& step = flow.steps[i];
    if (reached[i] != Reach::possible || step.after.kind == After::Kind::ended) continue;
    each_edge(step.after, [&](const Edge& edge, bool) {
      const bool at_once = !edge.bare && edge.outcomes == std::vector<std::string>{"skipped"};
      start[i] = std::max(start[i], at_once ? start[edge.step] : end[edge.step]);
    });
    end[i] = std::min(flow.expire, start[i] + span.of(step));
    longest = std::max(longest, end[i]);
  }
  return longest;
}

}  // namespace

WorstCase worst_case(const Flow& flow, std::span<const TalkScript> scripts,
                     const std::function<int64_t(std::string_view)>& cost_of) {
  Conversations conversations;
  for (const TalkScript& script : scripts) {
    const Flow turns = as_flow(script);
    conversations[script.name] = Spendthrift(turns, cost_of, {}).compute();
  }
  WorstCase worst = Spendthrift(flow, cost_of, conversations).compute();
  worst.time = longest_time(flow);
  return worst;
}

}  // namespace relance
