#include "core/run/opening.h"

namespace relance {
namespace {

constexpr Duration kLongInLane = minutes(10);  // counts as an opening

}  // namespace

bool is_shut(Reason reason) {
  return reason == Reason::outside_window || reason == Reason::quiet_day ||
         reason == Reason::paused || reason == Reason::person_owns_case ||
         reason == Reason::resumed;
}

Instant waited_since(const StepCase& c, const StepState& state) {
  const bool known = state.not_before > Instant::beginning() && state.not_before <= c.worker.now();
  if (!c.worker.rules().contact().opening || !known) return Instant::never();
  const bool wants = state.phase == Phase::wanting;
  const bool held = state.phase == Phase::held;
  const bool behind = held && state.word == reason_name(Reason::outranked);
  const bool long_ago = state.not_before + kLongInLane <= c.worker.now();
  const bool waited = ((wants || held) && state.opened) || ((wants || behind) && long_ago);
  return waited ? state.not_before : Instant::never();
}

}  // namespace relance
