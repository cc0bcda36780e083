#include "store/installation.h"

#include <fmt/format.h>

#include "base/id.h"
#include "base/random.h"

namespace relance {

std::string make_installation(const std::string& seed) {
  if (!seed.empty()) return sha256_hex("relance installation " + seed).substr(0, 32);
  SystemRandom random;
  const uint64_t high = random.next();
  return fmt::format("{:016x}{:016x}", high, random.next());
}

}  // namespace relance
