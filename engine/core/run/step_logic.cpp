#include "core/run/step_logic.h"

#include "core/run/advance.h"

namespace relance {

StepState StepCase::copy() const {
  if (const StepState* known = state()) return *known;
  StepState fresh;
  fresh.step = index;
  fresh.began_at = worker.now();
  return fresh;
}

void StepCase::move(StepState next) const { worker.write(StepMoved{run_id, std::move(next)}); }

void StepCase::end(std::string_view outcome, std::string_view reason, const Doc& data) const {
  Sealed sealed;
  if (!data.is_null() && data.view().size() > 0) sealed = worker.seal(data);
  worker.write(
      StepEnded{run_id, index, std::string(outcome), std::string(reason), std::move(sealed)});
}

void StepCase::fail(const Error& error) const {
  worker.explain_error(run_id, index, error);
  if (step().has_outcome("failed")) return end("failed", code_text(error.code));
  end_run(worker, run_id, RunEnd::failed, "step '" + step().name + "': " + error.message);
}

void StepCase::wait_until(Instant at) const {
  StepState next = copy();
  next.phase = Phase::waiting;
  next.wake_at = at;
  move(std::move(next));
}

}  // namespace relance
