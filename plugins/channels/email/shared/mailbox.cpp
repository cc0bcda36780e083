#include "mailbox.h"

#include <algorithm>

#include "kit/json.h"
#include "kit/text.h"
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

bool is_none(const rl_key& key) {
  return std::all_of(std::begin(key.bytes), std::end(key.bytes), [](uint8_t b) { return b == 0; });
}

// In a time that tells nothing of where they differ.
bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || a.empty()) return false;
  int differ = 0;
  for (size_t i = 0; i < a.size(); ++i) differ |= a[i] ^ b[i];
  return differ == 0;
}

std::string_view header(const rl_request& request, std::string_view name) {
  for (size_t i = 0; i < request.headers_count; ++i) {
    if (kit::view(request.headers[i].name) == name) return kit::view(request.headers[i].value);
  }
  return {};
}

bool is_json(std::string_view body) {
  const size_t first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (body[first] == '{' || body[first] == '[');
}

}  // namespace

bool Mailbox::is_known(const rl_request& request) const {
  if (!is_none(request.key)) return true;
  if (secret_.empty()) return false;
  std::string_view path = kit::view(request.path);
  if (path.starts_with('/')) path.remove_prefix(1);
  std::string_view signature = header(request, "x-relance-signature");
  if (signature.starts_with("sha256=")) signature.remove_prefix(7);
  for (const uint32_t version : {0u, 1u}) {
    if (same(path, hmac_hex(host_, secret_, version, "mailbox"))) return true;
    if (same(signature, hmac_hex(host_, secret_, version, kit::view(request.body)))) return true;
  }
  return false;
}

void Mailbox::on_request(rl_op op, const rl_request& request) const {
  if (!is_known(request)) return answer(op, 401, "not known\n");
  if (kit::view(request.path) == "/unsubscribe" && !is_none(request.key))
    return unsubscribe(op, request);
  if (kit::view(request.method) != "POST") return answer(op, 405, "POST only\n");
  const std::string_view body = kit::view(request.body);
  std::optional<std::vector<Notice>> notices;
  if (is_json(body)) {
    notices = read_events(body);
  } else if (const auto end = body.find(':'); end != std::string_view::npos && end < 100) {
    notices = read_message(body);
  }
  if (!notices) return answer(op, 400, "neither a message nor a known provider's events\n");
  for (const Notice& notice : *notices) {
    const rl_key key = is_none(request.key) ? key_of(notice.key) : request.key;
    if (emit(op, notice, key) == RL_BUSY) return answer(op, 503, "later\n");
  }
  answer(op, 200, "ok\n");
}

void Mailbox::unsubscribe(rl_op op, const rl_request& request) const {
  if (kit::view(request.method) != "POST") {
    rl_answer page{};
    page.struct_size = sizeof page;
    page.status = 200;
    page.content_type = kit::str("text/html; charset=utf-8");
    page.body = kit::str(kUnsubscribePage);
    return host_->answer(host_, op, &page);
  }
  constexpr char kHex[] = "0123456789abcdef";
  Notice notice;
  notice.id = "unsubscribe:";
  for (const uint8_t byte : request.key.bytes) notice.id += {kHex[byte >> 4], kHex[byte & 15u]};
  notice.word = "opted_out";
  notice.reason = "one_click";
  if (emit(op, notice, request.key) == RL_BUSY) return answer(op, 503, "later\n");
  answer(op, 200, "You are unsubscribed.\n");
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

void Mailbox::answer(rl_op op, int32_t status, std::string_view text) const {
  rl_answer answer{};
  answer.struct_size = sizeof answer;
  answer.status = status;
  answer.content_type = kit::str("text/plain");
  answer.body = kit::str(text);
  host_->answer(host_, op, &answer);
}

}  // namespace email
