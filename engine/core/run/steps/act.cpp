// act: an operation on a connector, conditional where it can (`only_if`).
#include "core/run/freeze.h"
#include "core/run/steps/kinds.h"
#include "core/run/steps/operation.h"

namespace relance::steps {
namespace {

class Act final : public StepLogic {
  void begin(const StepCase& c) const override {
    const auto& act = std::get<ActStep>(c.step().body);
    const auto data = data_of(c, act.data);
    if (!data) return c.fail(data.error());
    const auto only_if = data_of(c, act.only_if);
    if (!only_if) return c.fail(only_if.error());
    start_operation(c, act.on, act.op, *data, *only_if, "act");
  }

  void settled(const StepCase& c, const Touch&, const OperationResult& result) const override {
    if (c.state()->phase == Phase::ended) return;
    c.end(result.word, result.reason, result.data);
    const StepIndex hold = std::get<ActStep>(c.step().body).settles;
    if (hold == kNoStep || result.word != "done") return;
    const StepCase held{c.worker, c.flow, c.run_id, hold};
    if (!held.state()) return;
    StepState next = held.copy();
    next.wake_at = Instant::never();  // its undo is no longer owed
    held.move(std::move(next));
  }
};

}  // namespace

const StepLogic& act() {
  static const Act logic;
  return logic;
}

}  // namespace relance::steps
