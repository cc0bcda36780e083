#include "core/run/opening.h"

namespace relance {
namespace {

constexpr Duration kLongInLane = minutes(10);  // counts as an opening

// Is it an opening, for many customers at once, that ends a hold of this reason?
bool ends_at_opening(std::string_view reason) {
  return reason == reason_name(Reason::outside_window) ||
         reason == reason_name(Reason::quiet_day) || reason == reason_name(Reason::paused) ||
         reason == reason_name(Reason::person_owns_case) ||
         reason == reason_name(Reason::outranked) || reason == reason_name(Reason::merged);
}

}  // namespace

Instant waited_since(const StepCase& c, const StepState& state) {
  const bool known = state.not_before > Instant::beginning() && state.not_before <= c.worker.now();
  if (!c.worker.rules().contact().opening || !known) return Instant::never();
  if (state.phase == Phase::held || state.phase == Phase::wanting) {
    const bool long_ago = state.not_before + kLongInLane <= c.worker.now();
    if (ends_at_opening(state.word) || (state.phase == Phase::wanting && long_ago))
      return state.not_before;
  }
  return Instant::never();
}

}  // namespace relance
