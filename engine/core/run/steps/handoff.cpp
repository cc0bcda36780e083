// handoff: an item in a human queue with the context packet. Automation for this customer waits
// meanwhile (a lease).
#include "core/run/dispatch.h"
#include "core/run/packet.h"
#include "core/run/steps/kinds.h"

namespace relance::steps {
namespace {

class Handoff final : public StepLogic {
  static const HandoffStep& body(const StepCase& c) { return std::get<HandoffStep>(c.step().body); }

  static void lease(const StepCase& c, bool held) {
    c.worker.write(LeaseChanged{{c.run_id, c.index, Instant::never()}, held});
  }

  // The case is automation's again, once no other person has it.
  static void give_back(const StepCase& c) {
    if (c.worker.customer().leases.empty()) wake_held(c.worker, Reason::person_owns_case);
  }

  void begin(const StepCase& c) const override {
    StepState next = c.copy();
    next.phase = Phase::human;
    next.word = body(c).queue;
    next.data = c.worker.seal(context_packet(c));
    if (body(c).within) next.wake_at = c.worker.now() + *body(c).within;
    c.move(std::move(next));
    lease(c, true);
  }

  void due(const StepCase& c) const override {
    lease(c, false);
    c.end("expired");
    give_back(c);
  }

  void command(const StepCase& c, const CommandInput& input) const override {
    const std::string word = input.command == "return" ? "returned"
                             : input.word.empty()      ? "resolved"
                                                       : input.word;
    if (!c.step().has_outcome(word)) return;
    lease(c, false);
    c.end(word, "by " + input.author, input.data);
    give_back(c);
  }

  void cancel(const StepCase& c) const override {
    lease(c, false);
    give_back(c);
  }
};

}  // namespace

const StepLogic& handoff() {
  static const Handoff logic;
  return logic;
}

}  // namespace relance::steps
