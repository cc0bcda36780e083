// The one place that reads the machine's clocks.
#include "base/clock.h"

#include <ctime>

namespace relance {
namespace {

int64_t read_ms(clockid_t clock) {
  timespec now{};
  RELANCE_ASSERT(clock_gettime(clock, &now) == 0);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

Instant SystemClock::now() const { return {read_ms(CLOCK_REALTIME)}; }

Duration SystemClock::since_boot() const { return {read_ms(CLOCK_BOOTTIME)}; }

int64_t processor_us_of_thread() {
  timespec used{};
  RELANCE_ASSERT(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) == 0);
  return int64_t{used.tv_sec} * 1'000'000 + used.tv_nsec / 1000;
}

void VirtualClock::set(Instant at) {
  RELANCE_ASSERT(at >= now());
  at_ms_.store(at.ms, std::memory_order_release);
}

}  // namespace relance
