// Seam 2 of 5: chance. Decisions never draw from a stream: their chance is a hash of what they
// belong to (unit_hash), so it is the same on every thread count and in every replay. The stream
// serves only what nobody replays (jitter, new ids).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace relance {

class Random {
 public:
  virtual ~Random() = default;
  virtual uint64_t next() = 0;
};

class SystemRandom final : public Random {  // getrandom(2). Threads: any.
 public:
  uint64_t next() override;
};

class SeededRandom final : public Random {  // splitmix64. Threads: one.
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  uint64_t next() override;

 private:
  uint64_t state_;
};

// [0, 1), a pure function of its parts.
double unit_hash(std::initializer_list<std::string_view> parts);

}  // namespace relance
