#include "node/shard_range.h"

#include <catch2/catch.hpp>

using namespace relance;

TEST_CASE("shards share the keys without gap or overlap") {
  for (const size_t shards : {1u, 3u, 7u, 16u, 4096u}) {
    CHECK(shard_start(0, shards) == 0);
    CHECK(shard_start(shards, shards) == 0);  // the end
    CHECK(shard_of_key(UINT64_MAX, shards) == shards - 1);
    for (size_t i = 1; i < shards; ++i) {
      CHECK(shard_of_key(shard_start(i, shards), shards) == i);
      CHECK(shard_of_key(shard_start(i, shards) - 1, shards) == i - 1);
    }
  }
}
