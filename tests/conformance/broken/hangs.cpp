// Waits for an answer that does not come. No rule is named for it: it is the time limit's.
#include <poll.h>

#include "conformance/broken/broken.h"

namespace {
class Hangs final : public broken::Channel {
  using Channel::Channel;
  void send(rl_op, const rl_touch&) override { poll(nullptr, 0, -1); }
};
}  // namespace

BROKEN_PLUGIN(Hangs, "broken.hangs")
