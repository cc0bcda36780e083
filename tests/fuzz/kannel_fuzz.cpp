// Any request at all to relance.sms.kannel: one answer, nothing emitted without a token or a signed
// address, and what is emitted is bounded UTF-8.
#include <cstring>
#include <string>

#include "base/result.h"
#include "channels/kannel/reports.h"
#include "kit/text.h"
#include "kit/utf8.h"

namespace {

struct Seen {
  int answers = 0, events = 0, status = 0;
};

// What the token is while this runs: 32 bytes of zero in hex.
constexpr char kToken[] = "token=0000000000000000000000000000000000000000000000000000000000000000&";

void check_text(rl_str text, size_t most) {
  const std::string_view view = kit::view(text);
  RELANCE_ASSERT(view.size() <= most && kit::as_utf8(view) == view);
}

rl_host host_of(Seen& seen) {
  rl_host host{};
  host.struct_size = sizeof host;
  host.context = &seen;
  host.now = [](const rl_host*) { return int64_t{1767600000000}; };
  host.hmac = [](const rl_host*, uint32_t, rl_str, uint32_t, rl_str, uint8_t* out) {
    std::memset(out, 0, 32);
    return size_t{32};
  };
  host.emit = [](const rl_host* h, rl_op, const rl_event* event) {
    ++static_cast<Seen*>(h->context)->events;
    check_text(event->id, 120);
    check_text(event->address, 16);
    check_text(event->data, 200'000);  // JSON escapes make one byte six
    return int32_t{RL_OK};
  };
  host.answer = [](const rl_host* h, rl_op, const rl_answer* answer) {
    Seen& seen = *static_cast<Seen*>(h->context);
    ++seen.answers;
    seen.status = answer->status;
  };
  return host;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const bool keyed = (bytes[0] & 1) != 0, posted = (bytes[0] & 2) != 0, knows = (bytes[0] & 4) != 0;
  const std::string text =
      (knows ? kToken : "") + std::string(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const kit::Json json(R"({"inbound_secret": "A", "number_prefix": "+48", "url": "http://a"})");
  const kannel::Settings settings(json.root());
  Seen seen;
  const rl_host host = host_of(seen);
  rl_request request{};
  request.struct_size = sizeof request;
  request.method = kit::str(posted ? "POST" : "GET");
  (posted ? request.body : request.query) = kit::str(text);
  request.key.bytes[3] = keyed ? 1 : 0;
  kannel::take_request(&host, settings, 1, request);
  RELANCE_ASSERT(seen.answers == 1);
  RELANCE_ASSERT(seen.events == 0 || seen.status == 200);
  RELANCE_ASSERT(seen.events == 0 || keyed || text.find(std::string(64, '0')) != text.npos ||
                 text.find('%') != text.npos);
  return 0;
}
