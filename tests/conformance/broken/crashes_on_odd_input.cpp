// Believes a length that comes from outside.
#include "conformance/broken/broken.h"

namespace {
class CrashesOnOddInput final : public broken::Channel {
  using Channel::Channel;
  void on_request(rl_op op, const rl_request& request) override {
    const std::string type = header(request, "content-type");
    if (type.size() > 1000) *static_cast<volatile char*>(nullptr) = type[0];
    Channel::on_request(op, request);
  }
};
}  // namespace

BROKEN_PLUGIN(CrashesOnOddInput, "broken.crashes_on_odd_input")
