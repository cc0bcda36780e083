// Not broken at all: what the others would be without their one mistake.
#include "conformance/broken/broken.h"

namespace {
class Sound final : public broken::Channel {
  using Channel::Channel;
};
}  // namespace

BROKEN_PLUGIN(Sound, "broken.sound")
