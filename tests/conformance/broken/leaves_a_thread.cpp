// Begins a thread with each instance, and lets it go on alone.
#include <poll.h>

#include <thread>

#include "conformance/broken/broken.h"

namespace {
class LeavesAThread final : public broken::Channel {
 public:
  explicit LeavesAThread(const rl_host* host) : Channel(host) {
    std::thread([] { poll(nullptr, 0, -1); }).detach();
  }
};
}  // namespace

BROKEN_PLUGIN(LeavesAThread, "broken.leaves_a_thread")
