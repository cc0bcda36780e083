// Waits for its provider inside `send`, as a synchronous client library would.
#include <poll.h>

#include "conformance/broken/broken.h"

namespace {
class BlocksAWorker final : public broken::Channel {
  using Channel::Channel;
  void send(rl_op op, const rl_touch& touch) override {
    poll(nullptr, 0, 80);
    Channel::send(op, touch);
  }
};
}  // namespace

BROKEN_PLUGIN(BlocksAWorker, "broken.blocks_a_worker")
