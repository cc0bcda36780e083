// What this process holds: heap, threads, file descriptors.
//
// Threads: any; what is told is true when nothing else runs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace relance::conformance {

struct Holdings {
  int64_t heap_bytes = 0;  // as the allocator in use counts them
  size_t threads = 0, files = 0;
};

Holdings holdings();
size_t thread_count();

}  // namespace relance::conformance
