// Any request at all to relance.sms.kannel: one answer, nothing emitted without a token or a signed
// address, and what is emitted is bounded UTF-8.
#include <string>

#include "channels/kannel/reports.h"
#include "fuzz/fake_inbound.h"

namespace {

constexpr MostOf kMost = {
    .id = 120, .ref = 0, .address = 16, .data = 200'000};  // JSON: one byte is six

// What the token is while this runs: 32 bytes of zero in hex.
constexpr char kToken[] = "token=0000000000000000000000000000000000000000000000000000000000000000&";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const bool keyed = (bytes[0] & 1) != 0, posted = (bytes[0] & 2) != 0, knows = (bytes[0] & 4) != 0;
  const std::string text =
      (knows ? kToken : "") + std::string(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const kit::Json json(R"({"inbound_secret": "A", "number_prefix": "+48", "url": "http://a"})");
  const kannel::Settings settings(json.root());
  FakeInbound seen(kMost);
  rl_request request{};
  request.struct_size = sizeof request;
  request.method = kit::str(posted ? "POST" : "GET");
  (posted ? request.body : request.query) = kit::str(text);
  request.key.bytes[3] = keyed ? 1 : 0;
  kannel::take_request(&seen.host, settings, 1, request);
  RELANCE_ASSERT(seen.answers == 1);
  RELANCE_ASSERT(seen.events == 0 || seen.status == 200);
  RELANCE_ASSERT(seen.events == 0 || keyed || text.find(std::string(64, '0')) != text.npos ||
                 text.find('%') != text.npos);
  return 0;
}
