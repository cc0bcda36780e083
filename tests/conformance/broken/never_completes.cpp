// Forgets one path: a provider that is down is not told to anyone.
#include "conformance/broken/broken.h"

namespace {
class NeverCompletes final : public broken::Channel {
  using Channel::Channel;
  void on_io(rl_op op, const rl_reply& reply) override {
    if (reply.status != 503) Channel::on_io(op, reply);
  }
};
}  // namespace

BROKEN_PLUGIN(NeverCompletes, "broken.never_completes")
