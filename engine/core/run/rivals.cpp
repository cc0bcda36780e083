#include "core/run/rivals.h"

#include <algorithm>

#include "core/run/advance.h"
#include "core/run/plan_try.h"
#include "core/run/reading.h"
#include "core/run/sending.h"

namespace relance {
namespace {

bool may_meet(const Worker& worker, const Customer& customer) {
  return customer.runs.size() > 1 && !worker.rules().contact().priority.empty();
}

int priority_of(const Worker& worker, const Customer& customer, const Key& id) {
  const Run* run = customer.find_run(id);
  return worker.rules().contact().priority_of(run ? std::string_view(run->flow) : "");
}

struct Wanted {
  Rival rival;
  Instant deadline;
};

Instant deadline_or_never(const StepCase& c, const StepState& state) {
  return deadline_of(c, state).value_or(Instant::never());
}

// Of several channels the one that was chosen last.
std::string_view kind_of(const SendStep& send, const StepState& state) {
  if (send.channels.empty()) return send.channel_kind;
  return send.channels[std::min<size_t>(state.channel, send.channels.size() - 1)].kind;
}

// A send of this run that wants to leave now; nullopt: none does.
std::optional<Wanted> want_of(Worker& worker, const Run& run) {
  const Flow* flow = run.live() && !run.paused ? worker.flow_of(&run) : nullptr;
  if (!flow) return std::nullopt;
  for (const StepState& state : run.steps) {
    const bool wants = state.phase == Phase::wanting || state.phase == Phase::reading;
    if (!wants || awaits_customer(state)) continue;
    const Step& step = flow->steps[state.step];
    if (const auto* send = std::get_if<SendStep>(&step.body))
      return Wanted{{flow->name, step.name, kind_of(*send, state), flow->purpose},
                    deadline_or_never({worker, *flow, run.id, state.step}, state)};
  }
  return std::nullopt;
}

using Waiting = std::vector<std::pair<Key, StepIndex>>;

Waiting outranked_steps(const Customer& customer) {
  Waiting found;
  for (const Run& run : customer.runs)
    for (const StepState& state : run.steps)
      if (run.live() && state.phase == Phase::held && state.word == reason_name(Reason::outranked))
        found.emplace_back(run.id, state.step);
  return found;
}

}  // namespace

std::optional<Rival> rival_of(const StepCase& c) {
  const Customer& customer = c.worker.customer();
  if (!may_meet(c.worker, customer)) return std::nullopt;
  const ContactRules& rules = c.worker.rules().contact();
  const int mine = rules.priority_of(c.flow.name);
  std::optional<std::pair<int, Instant>> best;
  std::optional<Rival> rival;
  for (const Run& run : customer.runs) {
    const int priority = rules.priority_of(run.flow);
    if (run.id == c.run_id || priority > mine) continue;
    auto want = want_of(c.worker, run);
    if (!want) continue;
    if (!best) best.emplace(mine, deadline_or_never(c, c.copy()));
    const std::pair rank(priority, want->deadline);
    if (rank >= *best) continue;
    best = rank;
    rival = std::move(want->rival);
  }
  return rival;
}

void wake_outranked(Worker& worker) {
  if (worker.rules().contact().priority.empty()) return;
  Waiting waiting = outranked_steps(worker.customer());
  most_urgent_first(worker, waiting);
  for (const auto& [id, step] : waiting) {
    const Run* run = worker.customer().find_run(id);
    const Flow* flow = run && run->live() ? worker.flow_of(run) : nullptr;
    const StepState* state = flow ? run->find(step) : nullptr;
    if (!state || state->phase != Phase::held) continue;
    const StepCase c{worker, *flow, id, step};
    if (rival_of(c)) continue;
    come_again(c);
    advance(worker, id);
  }
}

void most_urgent_first(Worker& worker, std::vector<Key>& runs) {
  const Customer& customer = worker.customer();
  if (runs.size() < 2 || !may_meet(worker, customer)) return;
  std::stable_sort(runs.begin(), runs.end(), [&](const Key& a, const Key& b) {
    return priority_of(worker, customer, a) < priority_of(worker, customer, b);
  });
}

void most_urgent_first(Worker& worker, Waiting& steps) {
  const Customer& customer = worker.customer();
  if (steps.size() < 2 || !may_meet(worker, customer)) return;
  std::stable_sort(steps.begin(), steps.end(), [&](const auto& a, const auto& b) {
    return priority_of(worker, customer, a.first) < priority_of(worker, customer, b.first);
  });
}

}  // namespace relance
