#include "core/run/advance.h"

#include "core/run/reach.h"
#include "core/run/recall.h"

namespace relance {
namespace {

// `when` says whether a step that may start does; a no is its outcome `skipped`.
void begin(const StepCase& c) {
  const FunctionRef when = c.step().when;
  if (when) {
    const auto yes = c.worker.rules().test(c.flow, when, c.view());
    if (!yes) return c.fail(yes.error());
    if (!*yes) return c.end("skipped", "when");
  }
  logic_of(c.step().kind()).begin(c);
}

void cancel_pending(Worker& worker, const Flow& flow, const Key& run_id) {
  const Run* run = worker.customer().find_run(run_id);
  std::vector<StepIndex> live;
  for (const StepState& state : run->steps)
    if (state.phase != Phase::ended) live.push_back(state.step);
  for (StepIndex step : live) {
    const StepCase c{worker, flow, run_id, step};
    logic_of(c.step().kind()).cancel(c);
    const StepState* state = c.state();
    if (state && state->phase != Phase::ended && c.step().kind() != StepKind::hold)
      c.end("cancelled", "run ended");
  }
}

// Guaranteed undos: a hold that is done and not settled is undone however the run ends.
void undo_holds(Worker& worker, const Flow& flow, const Key& run_id) {
  for (StepIndex i = 0; i < flow.steps.size(); ++i) {
    if (flow.steps[i].kind() != StepKind::hold) continue;
    const StepCase c{worker, flow, run_id, i};
    if (c.state()) logic_of(StepKind::hold).due(c);
  }
}

// An undo is under way although its hold step has ended.
bool undo_open(const Customer& customer, const Key& run) {
  for (const Touch& touch : customer.touches)
    if (touch.run == run && touch.open() && touch.what == TouchWhat::operation) return true;
  return false;
}

void note_recovered(Worker& worker, const Run& run) {
  if (const auto amount = worker.open(run.event).find("amount").money())
    worker.decision().recovered.push_back(*amount);
}

}  // namespace

void advance(Worker& worker, const Key& run_id) {
  for (StepIndex i = 0;; ++i) {
    const Run* run = worker.customer().find_run(run_id);
    if (!run || run->paused) return;
    const Flow* flow = worker.flow_of(run);
    if (!flow) return;
    const std::vector<Reached> reached = reach(*flow, *run);
    while (i < reached.size() && reached[i] != Reached::ready) ++i;
    if (i < reached.size()) {
      if (worker.customer().limited()) return;
      begin(StepCase{worker, *flow, run_id, i});
      continue;
    }
    if (!nothing_left(reached)) return;
    if (run->live()) return end_run(worker, run_id, RunEnd::completed, "nothing left to do");
    if (!undo_open(worker.customer(), run_id)) worker.write(RunEnded{run_id});
    return;
  }
}

void end_run(Worker& worker, const Key& run_id, RunEnd how, std::string_view reason,
             const Key& by) {
  const Run* run = worker.customer().find_run(run_id);
  if (!run || !run->live()) return;
  const Flow* flow = worker.flow_of(run);
  if (!flow) return;  // it is held
  if (how == RunEnd::goal) note_recovered(worker, *run);
  if (how == RunEnd::goal || how == RunEnd::stopped) recall_undelivered(worker, run_id);
  worker.write(RunEnding{run_id, how, std::string(reason), by});
  cancel_pending(worker, *flow, run_id);
  undo_holds(worker, *flow, run_id);
  advance(worker, run_id);
}

Key credited_touch(const Worker& worker, const Customer& customer, const Key& run) {
  const Instant since = worker.now() - worker.rules().attribution();
  for (auto it = customer.touches.rbegin(); it != customer.touches.rend(); ++it) {
    if (it->run != run || !it->is_contact() || it->outcome == "failed") continue;
    return it->intended_at >= since ? it->key : Key{};
  }
  return {};
}

}  // namespace relance
