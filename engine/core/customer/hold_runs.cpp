#include "core/customer/hold_runs.h"

#include "core/customer/take_event.h"
#include "core/run/advance.h"
#include "core/run/plan_try.h"

namespace relance {
namespace {

// States stand in the order of their steps, so the last one tells.
bool fits(const Run& run, const Flow& flow) {
  return run.steps.empty() || run.steps.back().step < flow.steps.size();
}

bool must_be_held(const Worker& worker, const Run& run) {
  const Flow* flow = worker.rules().flow(run.version);
  return flow == nullptr || !fits(run, *flow);
}

void hold(Worker& worker, const Run& run) {
  const bool known = worker.rules().flow(run.version) != nullptr;
  worker.write(RunHeld{
      run.id, true,
      known ? "it is at a step that its flow does not have"
            : "its flow version cannot be loaded: " + worker.rules().why_missing(run.version)});
}

// What would have let its held touches go may have come and gone meanwhile: the gate is asked
// again.
void ask_again(Worker& worker, const Key& id) {
  std::vector<StepIndex> waiting;
  if (const Run* run = worker.customer().find_run(id))
    for (const StepState& state : run->steps)
      if (state.phase == Phase::held) waiting.push_back(state.step);
  for (StepIndex step : waiting) {
    const Run* run = worker.customer().find_run(id);
    const Flow* flow = run && run->live() ? worker.rules().flow(run->version) : nullptr;
    const StepState* state = flow ? run->find(step) : nullptr;
    if (!state || state->phase != Phase::held) continue;
    come_again(StepCase{worker, *flow, id, step});
    advance(worker, id);
  }
}

void set_free(Worker& worker, const Run& run) {
  const Key id = run.id;
  const std::vector<KeptEvent> kept = run.kept;  // the record below empties the run's own
  worker.write(RunHeld{id, false, {}});
  for (const KeptEvent& event : kept) take_kept_event(worker, id, event);
  ask_again(worker, id);
}

}  // namespace

// Who is being erased goes with all he has: what was sent of it is settled as that of ended runs.
void hold_runs(Worker& worker) {
  if (worker.customer().privacy.there() && worker.customer().privacy->erasing) return;
  std::vector<Key> changed;
  for (const Run& run : worker.customer().runs)
    if (run.held != must_be_held(worker, run)) changed.push_back(run.id);
  for (const Key& id : changed) {
    const Run* run = worker.customer().find_run(id);
    if (!run) continue;  // the end of an earlier one took it along
    if (run->held)
      set_free(worker, *run);
    else
      hold(worker, *run);
  }
}

}  // namespace relance
