// Chance without a stream: a number in [0, 1) that is a pure function of a seed and of what it
// belongs to, so that it does not depend on order, threads or repetition.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

namespace kit {

// FNV-1a over both texts, then the splitmix64 finaliser.
inline uint64_t mix(uint64_t seed, std::string_view key, std::string_view what) {
  uint64_t hash = 0xcbf29ce484222325u ^ seed;
  for (const std::string_view part : {key, std::string_view("\x1f"), what}) {
    for (const char c : part) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3u;
  }
  hash += seed * 0x9e3779b97f4a7c15u;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
  return hash ^ (hash >> 31);
}

inline double share(uint64_t seed, std::string_view key, std::string_view what) {
  return static_cast<double>(mix(seed, key, what) >> 11) * 0x1.0p-53;
}

// Log-normal with this median; sigma of the logarithm (Box-Muller over two shares).
inline double log_normal(double median, double sigma, double u, double v) {
  const double normal = std::sqrt(-2.0 * std::log(1.0 - u)) * std::cos(6.283185307179586 * v);
  return median * std::exp(sigma * normal);
}

}  // namespace kit
