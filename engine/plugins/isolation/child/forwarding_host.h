// The host services of a plugin in a process of its own: each becomes a frame to the engine. Those
// with a result wait for it, which takes tens of microseconds. Threads: any.
#pragma once

#include <relance/host.h>

#include <functional>

#include "plugins/isolation/child/wire.h"

namespace relance::isolation {

// `ended` is told of every operation that the plugin completed or answered.
const rl_host* forwarding_host(Wire& wire, std::function<void(rl_op)> ended);

}  // namespace relance::isolation
