// Says that it is keyed, and sends no key.
#include "conformance/broken/broken.h"

namespace {
class IgnoresTheKey final : public broken::Channel {
  using Channel::Channel;
  void send(rl_op op, const rl_touch& touch) override { request(op, touch, nullptr, 0); }
};
}  // namespace

BROKEN_PLUGIN(IgnoresTheKey, "broken.ignores_the_key")
