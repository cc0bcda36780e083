// Any request at all to the mailbox of the e-mail plugins: one answer, nothing emitted without a
// token or a signed address, and what is emitted is bounded UTF-8.
#include <cstring>
#include <string>

#include "base/result.h"
#include "channels/email/shared/mailbox.h"
#include "kit/text.h"
#include "kit/utf8.h"

namespace {

struct Seen {
  int answers = 0, events = 0, status = 0;
};

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
    check_text(event->id, 900);  // a broken byte becomes three
    check_text(event->ref, 600);
    check_text(event->address, 762);
    check_text(event->word, 20);
    check_text(event->data, 400'000);  // JSON escapes make one byte six
    return int32_t{RL_OK};
  };
  host.answer = [](const rl_host* h, rl_op, const rl_answer* answer) {
    Seen& into = *static_cast<Seen*>(h->context);
    ++into.answers;
    into.status = answer->status;
  };
  return host;
}

}  // namespace

// The first byte chooses how the caller is known; the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const bool keyed = (bytes[0] & 1) != 0, token = (bytes[0] & 2) != 0, leaves = (bytes[0] & 4) != 0;
  Seen seen;
  const rl_host host = host_of(seen);
  const std::string path = leaves ? "/unsubscribe" : token ? "/" + std::string(64, '0') : "/x";
  rl_request request{};
  request.struct_size = sizeof request;
  request.method = kit::str((bytes[0] & 8) != 0 ? "GET" : "POST");
  request.path = kit::str(path);
  request.body = {reinterpret_cast<const char*>(bytes) + 1, size - 1};
  request.key.bytes[3] = keyed ? 1 : 0;
  email::Mailbox(&host, "SECRET").on_request(1, request);
  RELANCE_ASSERT(seen.answers == 1);
  RELANCE_ASSERT(seen.events == 0 || keyed || (token && !leaves));
  RELANCE_ASSERT(seen.events == 0 || seen.status == 200);
  return 0;
}
