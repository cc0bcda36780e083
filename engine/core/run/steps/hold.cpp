// hold: an act with an undo that is guaranteed: when the run ends, however it ends, at `at_most` at
// the latest, or by `release`. While its undo is owed, the ended step keeps a wake_at: the instant
// at which it is undone at the latest.
#include <algorithm>

#include "core/run/freeze.h"
#include "core/run/steps/hold_undo.h"
#include "core/run/steps/kinds.h"
#include "core/run/steps/operation.h"

namespace relance::steps {
namespace {

const HoldStep& body(const StepCase& c) { return std::get<HoldStep>(c.step().body); }

// Every `release` of this hold that is at work ends so.
void end_releases(const StepCase& c, std::string_view word, std::string_view reason) {
  for (StepIndex i = 0; i < c.flow.step_count(); ++i) {
    const auto* release = std::get_if<ReleaseStep>(&c.flow.steps[i].body);
    const StepState* state = release && release->hold == c.index ? c.run().find(i) : nullptr;
    if (state && state->phase != Phase::ended)
      StepCase{c.worker, c.flow, c.run_id, i}.end(word, reason);
  }
}

bool is_released(const StepCase& c) {
  const auto& states = c.run().steps;
  return std::any_of(states.begin(), states.end(), [&](const StepState& state) {
    const auto* release = std::get_if<ReleaseStep>(&c.flow.steps[state.step].body);
    return release && release->hold == c.index && state.phase != Phase::ended;
  });
}

class Hold final : public StepLogic {
  void begin(const StepCase& c) const override {
    const auto data = data_of(c, body(c).data);
    if (!data) return c.fail(data.error());
    // The undo takes the same data, whatever the run knows by then.
    StepState next = c.copy();
    next.data = c.worker.seal(*data);
    c.move(std::move(next));
    start_operation(c, body(c).on, body(c).op, *data, {}, "hold");
  }

  // At `at_most`, or because the run is ending.
  void due(const StepCase& c) const override { undo_hold(c); }

  void settled(const StepCase& c, const Touch& touch,
               const OperationResult& result) const override {
    if (touch.key != c.state()->touch) return;
    if (c.state()->phase == Phase::ended)  // the undo's own answer
      return end_releases(c, result.word, result.reason);
    const Sealed data = c.state()->data;
    c.end(result.word, result.reason);
    if (result.word != "done") return end_releases(c, "done", "the hold was over");
    StepState next = c.copy();
    next.data = data;
    next.wake_at =
        body(c).at_most == Duration{} ? c.run().expire_at : c.worker.now() + body(c).at_most;
    c.move(std::move(next));
    // It took hold while a release waited for it, or the run was already ending.
    if (is_released(c) || !c.run().live()) undo_hold(c);
  }
};

}  // namespace

bool undo_hold(const StepCase& c) {
  const StepState* state = c.state();
  if (!state || state->phase != Phase::ended || state->wake_at.is_never()) return false;
  start_operation(c, body(c).on, body(c).undo, Doc(c.worker.open(state->data)), {}, "undo");
  return true;
}

bool hold_is_out(const StepCase& c) {
  const StepState* state = c.state();
  const Touch* touch = state ? c.worker.customer().find_touch(state->touch) : nullptr;
  return touch && touch->open();
}

const StepLogic& hold() {
  static const Hold logic;
  return logic;
}

}  // namespace relance::steps
