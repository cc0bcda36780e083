// handoff: an item in a human queue with the context packet. Automation for this customer waits
// meanwhile (a lease: core/run/human_item.h).
#include "core/run/dispatch.h"
#include "core/run/human_item.h"
#include "core/run/packet.h"
#include "core/run/steps/kinds.h"

namespace relance::steps {
namespace {

class Handoff final : public StepLogic {
  static const HandoffStep& body(const StepCase& c) { return std::get<HandoffStep>(c.step().body); }

  void begin(const StepCase& c) const override {
    StepState next = c.copy();
    next.phase = Phase::human;
    next.word = body(c).queue;
    const Doc packet = item_packet(c);
    if (const Status whole = check_packet(packet); !whole)
      c.worker.explain_error(c.run_id, c.index, whole.error());
    next.data = c.worker.seal(packet);
    if (body(c).within) next.wake_at = c.worker.now() + *body(c).within;
    c.move(std::move(next));
    open_item(c, follows_dissatisfaction(c));
  }

  // Whoever has it may end it; after him it is over.
  void due(const StepCase& c) const override {
    if (close_untaken(c)) {
      c.end("expired");
      if (c.worker.customer().leases.empty()) wake_held(c.worker, Reason::person_owns_case);
      return;
    }
    StepState next = c.copy();
    next.wake_at = Instant::never();
    c.move(std::move(next));
  }

  void cancel(const StepCase& c) const override { leave_item(c); }
};

}  // namespace

const StepLogic& handoff() {
  static const Handoff logic;
  return logic;
}

}  // namespace relance::steps
