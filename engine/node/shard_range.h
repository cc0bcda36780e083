// Which shard a customer belongs to: contiguous ranges of the key's high 64 bits, so that late
// writes of different shards never meet on a page of the store.
#pragma once

#include <cstddef>
#include <cstdint>

namespace relance {

inline size_t shard_of_key(uint64_t high, size_t shards) {
  return static_cast<size_t>((high >> 32) * shards >> 32);
}

// The first key of shard i. Of `shards` itself: 0, which means "the end".
inline uint64_t shard_start(size_t i, size_t shards) {
  return ((static_cast<uint64_t>(i) << 32) + shards - 1) / shards << 32;
}

}  // namespace relance
