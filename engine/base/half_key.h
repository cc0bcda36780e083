// For hash maps by Key in which an entry is found by the first half of its key, too.
#pragma once

#include "base/id.h"

namespace relance {

struct HalfKeyHash {
  using is_transparent = void;
  size_t operator()(uint64_t high) const { return high; }
  size_t operator()(const Key& key) const { return key.high(); }
};

struct HalfKeySame {
  using is_transparent = void;
  bool operator()(const Key& a, const Key& b) const { return a == b; }
  bool operator()(uint64_t high, const Key& key) const { return key.high() == high; }
  bool operator()(const Key& key, uint64_t high) const { return key.high() == high; }
};

}  // namespace relance
