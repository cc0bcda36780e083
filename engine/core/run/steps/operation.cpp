#include "core/run/steps/operation.h"

#include "core/run/freeze.h"
#include "core/run/settle.h"

namespace relance::steps {

void start_operation(const StepCase& c, std::string_view connector, std::string_view op,
                     const Doc& data, const Doc& only_if, std::string_view attempt) {
  Touch touch = freeze_operation(c, connector, op, data, only_if, attempt);
  StepState next = c.copy();
  if (next.phase != Phase::ended) next.phase = Phase::out;
  next.touch = touch.key;
  next.wake_at = Instant::never();
  c.worker.write(TouchIntended{touch});
  c.move(std::move(next));
  leave(c.worker, std::move(touch), false);
}

}  // namespace relance::steps
