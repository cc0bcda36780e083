// File handles: each connection is one, and the store must never want for one.
// Threads: any; the limit is the process's own. Fails: never; there are fewer connections then.
#pragma once

#include <cstddef>

namespace relance {

// Beside the connections: up to 1,024 to providers (net/transfer_loop.cpp), the store and its
// readers, isolated plugins.
constexpr size_t kHandlesBeside = 1280;

// Raises what the system grants this process, as far as it may, to room for so many connections.
// How many there are to be: fewer where it does not go so far, with a line in the log, but some.
size_t connections_with_handles(size_t wanted);

}  // namespace relance
