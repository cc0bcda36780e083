#include "mailbox.h"

#include "kit/digest.h"
#include "kit/inbound.h"
#include "kit/json.h"
#include "kit/key.h"
#include "kit/utf8.h"
#include "letter.h"

namespace email {
namespace {

constexpr size_t kMostText = 16u << 10;

// Mail scanners fetch every link: only a person presses the button.
constexpr std::string_view kUnsubscribePage =
    "<!doctype html><meta charset=\"utf-8\"><title>Unsubscribe</title>\n"
    "<form method=\"post\"><button name=\"List-Unsubscribe\" value=\"One-Click\">Unsubscribe"
    "</button></form>\n";

bool is_json(std::string_view body) {
  const size_t first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (body[first] == '{' || body[first] == '[');
}

}  // namespace

bool Mailbox::is_known(const rl_request& request) const {
  if (kit::is_key(request.key)) return true;
  if (secret_.empty()) return false;
  std::string_view path = kit::view(request.path);
  if (path.starts_with('/')) path.remove_prefix(1);
  std::string_view signature = kit::header(request, "x-relance-signature");
  if (signature.starts_with("sha256=")) signature.remove_prefix(7);
  for (uint32_t version = 0; version < kit::kSecretVersions; ++version) {
    if (kit::same(path, hmac_hex(host_, secret_, version, "mailbox"))) return true;
    if (kit::same(signature, hmac_hex(host_, secret_, version, kit::view(request.body))))
      return true;
  }
  return false;
}

void Mailbox::on_request(rl_op op, const rl_request& request) const {
  if (!is_known(request)) return kit::answer(host_, op, 401, "not known\n");
  if (kit::view(request.path) == "/unsubscribe" && kit::is_key(request.key))
    return unsubscribe(op, request);
  if (kit::view(request.method) != "POST") return kit::answer(host_, op, 405, "POST only\n");
  const std::string_view body = kit::view(request.body);
  std::optional<std::vector<Notice>> notices;
  if (is_json(body)) {
    notices = read_events(body);
  } else if (const auto end = body.find(':'); end != std::string_view::npos && end < 100) {
    notices = read_message(body);
  }
  if (!notices)
    return kit::answer(host_, op, 400, "neither a message nor a known provider's events\n");
  for (const Notice& notice : *notices) {
    const rl_key key = kit::is_key(request.key) ? request.key : kit::parse_key(notice.key);
    if (emit(op, notice, key) == RL_BUSY) return kit::answer(host_, op, 503, "later\n");
  }
  kit::answer(host_, op, 200, "ok\n");
}

void Mailbox::unsubscribe(rl_op op, const rl_request& request) const {
  if (kit::view(request.method) != "POST")
    return kit::answer(host_, op, 200, kUnsubscribePage, "text/html; charset=utf-8");
  Notice notice;
  notice.id = "unsubscribe:" + kit::hex(kit::bytes_of(request.key));
  notice.word = "opted_out";
  notice.reason = "one_click";
  if (emit(op, notice, request.key) == RL_BUSY) return kit::answer(host_, op, 503, "later\n");
  kit::answer(host_, op, 200, "You are unsubscribed.\n");
}

// What others wrote is bounded, and is UTF-8 even where their JSON was not.
int32_t Mailbox::emit(rl_op op, const Notice& notice, const rl_key& key) const {
  const auto safe = [](std::string_view text, size_t most) {
    return kit::as_utf8(text.substr(0, most));
  };
  const bool message = notice.kind == Notice::Kind::message;
  const std::string id = safe(notice.id, 300), ref = safe(notice.ref, 200),
                    address = safe(notice.address, 254);
  kit::Object data;
  if (message) {
    data.text("text", safe(notice.text, kMostText)).text("subject", safe(notice.subject, 998));
    data.text("channel", "email").text("address", address);
  } else {
    data.text("reason", safe(notice.reason, 100));
  }
  const std::string json = data.close();
  rl_event event{};
  event.struct_size = sizeof event;
  event.kind = message ? RL_EVENT_MESSAGE : RL_EVENT_RECEIPT;
  event.id = kit::str(id);
  event.at = host_->now(host_);
  event.key = key;
  event.ref = kit::str(ref);
  event.address = kit::str(address);
  event.word = kit::str(notice.word);
  event.data = kit::str(json);
  return host_->emit(host_, op, &event);
}

}  // namespace email
