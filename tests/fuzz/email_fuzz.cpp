// Any request at all to the mailbox of the e-mail plugins: one answer, nothing emitted without a
// token or a signed address, and what is emitted is bounded UTF-8.
#include <string>

#include "channels/email/shared/mailbox.h"
#include "fuzz/fake_inbound.h"

namespace {

constexpr MostOf kMost = {.id = 900,  // a broken byte becomes three
                          .ref = 600,
                          .address = 762,
                          .data = 400'000};  // JSON escapes make one byte six

}  // namespace

// The first byte chooses how the caller is known; the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const bool keyed = (bytes[0] & 1) != 0, token = (bytes[0] & 2) != 0, leaves = (bytes[0] & 4) != 0;
  FakeInbound seen(kMost);
  const std::string path = leaves ? "/unsubscribe" : token ? "/" + std::string(64, '0') : "/x";
  rl_request request{};
  request.struct_size = sizeof request;
  request.method = kit::str((bytes[0] & 8) != 0 ? "GET" : "POST");
  request.path = kit::str(path);
  request.body = {reinterpret_cast<const char*>(bytes) + 1, size - 1};
  request.key.bytes[3] = keyed ? 1 : 0;
  email::Mailbox(&seen.host, "SECRET").on_request(1, request);
  RELANCE_ASSERT(seen.answers == 1);
  RELANCE_ASSERT(seen.events == 0 || keyed || (token && !leaves));
  RELANCE_ASSERT(seen.events == 0 || seen.status == 200);
  return 0;
}
