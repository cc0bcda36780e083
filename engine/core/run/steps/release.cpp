// release: undoes a hold now; nothing if it is over. The undo's touch belongs to the hold, its
// outcome to this step, which ends when the undo is answered.
#include "core/run/steps/hold_undo.h"
#include "core/run/steps/kinds.h"

namespace relance::steps {
namespace {

class Release final : public StepLogic {
  void begin(const StepCase& c) const override {
    const StepCase held{c.worker, c.flow, c.run_id, std::get<ReleaseStep>(c.step().body).hold};
    undo_hold(held);
    if (!hold_is_out(held)) return c.end("done", "the hold was over");
    StepState next = c.copy();
    next.phase = Phase::out;
    next.touch = held.state()->touch;
    c.move(std::move(next));
  }
};

}  // namespace

const StepLogic& release() {
  static const Release logic;
  return logic;
}

}  // namespace relance::steps
