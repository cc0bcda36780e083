#include "core/run/steps/kinds.h"

namespace relance {

const StepLogic& logic_of(StepKind kind) {
  switch (kind) {
    case StepKind::fetch: return steps::fetch();
    case StepKind::charge: return steps::charge();
    case StepKind::send: return steps::send();
    case StepKind::wait: return steps::wait();
    case StepKind::await: return steps::await();
    case StepKind::decide: return steps::decide();
    case StepKind::act: return steps::act();
    case StepKind::hold: return steps::hold();
    case StepKind::release: return steps::release();
    case StepKind::handoff: return steps::handoff();
    case StepKind::record: return steps::record();
    case StepKind::start_flow: return steps::start_flow();
    case StepKind::stop: break;
  }
  return steps::stop();
}

}  // namespace relance
