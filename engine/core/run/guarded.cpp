#include "core/run/guarded.h"

namespace relance {

void tell_guards(Worker& worker, const Touch& touch, Guarded what) {
  if (worker.rules().contact().guards.empty() || !touch.is_contact()) return;
  worker.ask(GuardTold{worker.customer().id, touch.flow.str(), what});
}

}  // namespace relance
