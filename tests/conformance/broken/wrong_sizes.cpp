// Forgets struct_size in one of its results.
#include "conformance/broken/broken.h"

namespace {
class WrongSizes final : public broken::Channel {
  using Channel::Channel;
  void lookup(rl_op op, const rl_touch& touch) override {
    rl_result result{};
    result.status = sent_.contains(std::string(kit::view(touch.key_text))) ? RL_DONE : RL_ABSENT;
    host_->complete(host_, op, &result);
  }
};
}  // namespace

BROKEN_PLUGIN(WrongSizes, "broken.wrong_sizes")
