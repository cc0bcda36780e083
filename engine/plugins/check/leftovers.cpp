#include "plugins/check/leftovers.h"

#include <malloc.h>

#include <filesystem>

// Whichever allocator the program is linked with; each is there or not.
extern "C" {
int mallctl(const char*, void*, size_t*, void*, size_t) __attribute__((weak));
size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));
}

namespace relance::conformance {
namespace {

size_t entries_of(const char* directory) {
  std::error_code gone;
  size_t count = 0;
  for (std::filesystem::directory_iterator at(directory, gone), end; !gone && at != end;
       at.increment(gone))
    ++count;
  return count;
}

// jemalloc's own sums lag behind its caches: this thread's is emptied first, and those of threads
// went with them. What one thread took another may have given back.
int64_t jemalloc_bytes() {
  uint64_t epoch = 1;
  size_t bytes = 0, length = sizeof bytes;
  mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
  mallctl("epoch", nullptr, nullptr, &epoch, sizeof epoch);
  mallctl("stats.allocated", &bytes, &length, nullptr, 0);
  return static_cast<int64_t>(bytes);
}

}  // namespace

size_t thread_count() { return entries_of("/proc/self/task"); }

Holdings holdings() {
  Holdings held;
  if (__sanitizer_get_current_allocated_bytes)
    held.heap_bytes = static_cast<int64_t>(__sanitizer_get_current_allocated_bytes());
  else if (mallctl)
    held.heap_bytes = jemalloc_bytes();
  else
    held.heap_bytes = static_cast<int64_t>(mallinfo2().uordblks);
  held.threads = thread_count();
  held.files = entries_of("/proc/self/fd");
  return held;
}

}  // namespace relance::conformance
