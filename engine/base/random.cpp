// The one place that draws from the system's chance.
#include "base/random.h"

#include <sys/random.h>

#include "base/id.h"

namespace relance {

uint64_t SystemRandom::next() {
  uint64_t value = 0;
  // Eight bytes are never cut short by a signal once the pool is filled, and the call waits for
  // that.
  RELANCE_ASSERT(getrandom(&value, sizeof value, 0) == sizeof value);
  return value;
}

uint64_t SeededRandom::next() {
  state_ += 0x9e3779b97f4a7c15;
  uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

double unit_hash(std::initializer_list<std::string_view> parts) {
  // 53 bits, as many as a double holds, so that no two hashes round up to 1.
  return static_cast<double>(derive_hash(parts) >> 11) * 0x1p-53;
}

}  // namespace relance
