// stop: ends the run.
#include "core/run/advance.h"
#include "core/run/steps/kinds.h"

namespace relance::steps {
namespace {

class Stop final : public StepLogic {
  void begin(const StepCase& c) const override {
    c.end("done");
    end_run(c.worker, c.run_id, RunEnd::stopped, std::get<StopStep>(c.step().body).reason);
  }
};

}  // namespace

const StepLogic& stop() {
  static const Stop logic;
  return logic;
}

}  // namespace relance::steps
