// Falls through: a 429 is told as "not now", and then as done.
#include "conformance/broken/broken.h"

namespace {
class CompletesTwice final : public broken::Channel {
  using Channel::Channel;
  void on_io(rl_op op, const rl_reply& reply) override {
    Channel::on_io(op, reply);
    if (reply.status == 429)
      kit::complete(host_, op, {.status = RL_DONE, .word = "delivered", .ref = "kit_1"});
  }
};
}  // namespace

BROKEN_PLUGIN(CompletesTwice, "broken.completes_twice")
