// A sum of bytes that tells whether a disk or memory has changed them: quick, not against people.
//
// A change within eight bytes that lie together changes the 64 bits it works with for certain, and
// is missed once in 2^32 in the 32 it gives.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace relance {

// Never 0. `of`: what the bytes belong to, so that they are not believed in another place.
inline uint32_t sum_of(std::string_view bytes, uint64_t of = 0) {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  uint64_t sum = (of ^ bytes.size()) * kOdd;
  const auto mix = [&sum](uint64_t word) {
    sum = (sum ^ word) * kOdd;
    sum ^= sum >> 32;
  };
  uint64_t word = 0;
  for (; bytes.size() >= sizeof word; bytes.remove_prefix(sizeof word)) {
    std::memcpy(&word, bytes.data(), sizeof word);
    mix(word);
  }
  word = 0;
  if (!bytes.empty()) std::memcpy(&word, bytes.data(), bytes.size());
  mix(word);
  mix(0);
  return static_cast<uint32_t>(sum ^ sum >> 32) | 1;
}

}  // namespace relance
