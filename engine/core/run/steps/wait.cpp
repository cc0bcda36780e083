// wait: for a span, until a local time, or until so long before a moment of the event (which moves
// when the field moves).
#include "core/run/moment.h"
#include "core/run/reading.h"
#include "core/run/sending.h"
#include "core/run/steps/kinds.h"

namespace relance::steps {
namespace {

class Wait final : public StepLogic {
  static void plan(const StepCase& c) {
    const auto& wait = std::get<WaitStep>(c.step().body);
    const StepState state = c.copy();
    const DocView profile = c.worker.profile();
    const Zone& zone = *zone_of(c, profile).candidates.front();
    Instant at = state.began_at;
    if (wait.duration) at = state.began_at + *wait.duration;
    if (wait.until_local) at = zone.next(state.began_at, *wait.until_local);
    if (wait.before) {
      const auto moment = resolve(*wait.before, c.view(), zone);
      if (!moment) {
        return c.fail({Code::run_failed_function,
                       "there is no '" + wait.before->path + "' to wait for",
                       {},
                       ""});
      }
      at = *moment;
    }
    if (at <= c.worker.now()) return c.end("done");
    c.wait_until(at);
  }

  // A time on his clock asks who he is; where nobody can tell, it is the bundle's clock.
  void begin(const StepCase& c) const override {
    const auto& wait = std::get<WaitStep>(c.step().body);
    const bool local = wait.until_local || (wait.before && wait.before->at);
    if (!local || !read_customer_first(c)) plan(c);
  }
  void again(const StepCase& c) const override { begin(c); }
  void read(const StepCase& c, const OperationResult& result) const override {
    take_customer(c, result);
    plan(c);
  }
  void due(const StepCase& c) const override { c.end("done"); }
  void refreshed(const StepCase& c) const override {
    if (std::get<WaitStep>(c.step().body).before && !awaits_customer(*c.state())) plan(c);
  }
};

}  // namespace

const StepLogic& wait() {
  static const Wait logic;
  return logic;
}

}  // namespace relance::steps
