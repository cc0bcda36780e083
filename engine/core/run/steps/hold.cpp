// hold: an act with an undo that is guaranteed: when the run ends, however it ends, at `at_most` at
// the latest, or by `release`. While its undo is owed, the ended step keeps a wake_at: the instant
// at which it is undone at the latest.
#include "core/run/freeze.h"
#include "core/run/steps/hold_undo.h"
#include "core/run/steps/kinds.h"
#include "core/run/steps/operation.h"

namespace relance::steps {
namespace {

const HoldStep& body(const StepCase& c) { return std::get<HoldStep>(c.step().body); }

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
    if (touch.key != c.state()->touch || c.state()->phase == Phase::ended)
      return;  // the undo's own answer
    const Sealed data = c.state()->data;
    c.end(result.word, result.reason);
    if (result.word != "done") return;
    StepState next = c.copy();
    next.data = data;
    next.wake_at =
        body(c).at_most == Duration{} ? c.run().expire_at : c.worker.now() + body(c).at_most;
    c.move(std::move(next));
    if (!c.run().live()) undo_hold(c);  // it took hold while the run was already ending
  }
};

}  // namespace

bool undo_hold(const StepCase& c) {
  const StepState* state = c.state();
  if (!state || state->phase != Phase::ended || state->wake_at.is_never()) return false;
  start_operation(c, body(c).on, body(c).undo, c.worker.open(state->data), {}, "undo");
  return true;
}

const StepLogic& hold() {
  static const Hold logic;
  return logic;
}

}  // namespace relance::steps
