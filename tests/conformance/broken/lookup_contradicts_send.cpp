// Says "never seen" of what it has just sent.
#include "conformance/broken/broken.h"

namespace {
class LookupContradictsSend final : public broken::Channel {
  using Channel::Channel;
  void lookup(rl_op op, const rl_touch&) override {
    kit::complete(host_, op, {.status = RL_ABSENT});
  }
};
}  // namespace

BROKEN_PLUGIN(LookupContradictsSend, "broken.lookup_contradicts_send")
