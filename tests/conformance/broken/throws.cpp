// Lets its parser's exception out where a provider sends a page instead of JSON.
#include <stdexcept>

#include "conformance/broken/broken.h"

namespace {
class Throws final : public broken::Channel {
  using Channel::Channel;
  void on_io(rl_op op, const rl_reply& reply) override {
    if (kit::view(reply.body).starts_with("<")) throw std::runtime_error("no JSON");
    Channel::on_io(op, reply);
  }
};
}  // namespace

BROKEN_PLUGIN(Throws, "broken.throws")
