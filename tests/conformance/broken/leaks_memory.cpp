// Keeps what belongs to an operation for ever.
#include "conformance/broken/broken.h"

namespace {
class LeaksMemory final : public broken::Channel {
  using Channel::Channel;
  void send(rl_op op, const rl_touch& touch) override {
    kept = new std::string(kit::view(touch.key_text));
    Channel::send(op, touch);
  }
  std::string* kept = nullptr;
};
}  // namespace

BROKEN_PLUGIN(LeaksMemory, "broken.leaks_memory")
