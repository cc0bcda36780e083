// Looks whether there is a signature, not whether it is the right one.
#include "conformance/broken/broken.h"

namespace {
class AcceptsAForgedSignature final : public broken::Channel {
  using Channel::Channel;
  void on_request(rl_op op, const rl_request& request) override {
    answer(op, header(request, "x-signature").empty() ? 401 : 200);
  }
};
}  // namespace

BROKEN_PLUGIN(AcceptsAForgedSignature, "broken.accepts_a_forged_signature")
