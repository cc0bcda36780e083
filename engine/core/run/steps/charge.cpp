// charge: a payment attempt. No contact, but the card networks' ceilings hold, and attempts of one
// key never overlap.
#include "core/run/advance.h"
#include "core/run/dispatch.h"
#include "core/run/plan_try.h"
#include "core/run/steps/kinds.h"

namespace relance::steps {
namespace {

class Charge final : public StepLogic {
  void begin(const StepCase& c) const override { plan_try(c); }
  void due(const StepCase& c) const override { come_again(c); }
  void slot(const StepCase& c) const override { dispatch(c); }
  void again(const StepCase& c) const override { come_again(c); }
  void read(const StepCase& c, const OperationResult& result) const override {
    take_reading(c, result);
  }

  void settled(const StepCase& c, const Touch& touch,
               const OperationResult& result) const override {
    if (!c.run().live()) return;
    const auto& charge = std::get<ChargeStep>(c.step().body);
    if (result.word == "recovered") {
      c.end("recovered", result.reason, result.data);
      return end_run(c.worker, c.run_id, RunEnd::goal, "charged", touch.key);
    }
    StepState next = c.copy();
    if (result.word != "declined" || next.try_no >= charge.tries)
      return c.end(result.word, result.reason, result.data);
    next.last_word = result.word;
    next.phase = Phase::waiting;
    // A policy chooses among all later instants; without one the gap, or a day, is kept.
    const bool policy = !charge.at.policy.empty();
    next.not_before = charge.gap ? next.sent_at + *charge.gap
                      : policy   ? c.worker.now()
                                 : next.sent_at + hours(24);
    if (result.data.view().size() > 0) next.data = c.worker.seal(result.data);
    c.move(std::move(next));
    plan_try(c);
  }

  // Paid another way while this attempt is on its way: taken back if it can be.
  void cancel(const StepCase& c) const override {
    if (c.state()->phase == Phase::out)
      c.worker.ask(CancelTouch{c.worker.customer().id, c.state()->touch});
  }
};

}  // namespace

const StepLogic& charge() {
  static const Charge logic;
  return logic;
}

}  // namespace relance::steps
