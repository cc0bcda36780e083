#include "reports.h"

#include <algorithm>
#include <string>

#include "kit/digest.h"
#include "kit/form.h"
#include "kit/inbound.h"
#include "kit/key.h"
#include "kit/utf8.h"

namespace kannel {
namespace {

constexpr std::string_view kTokenText = "relance.sms.kannel";
constexpr size_t kMostText = 16 * 1024;
constexpr size_t kMostId = 100;

// The instant of "1767600000"; 0, which is now, where the text is none or lies ahead.
int64_t instant(const rl_host* host, std::string_view seconds) {
  const int64_t at = kit::whole(seconds).value_or(0);
  return at > 0 && at <= host->now(host) / 1000 ? at * 1000 : 0;
}

bool token_fits(const rl_host* host, const Settings& settings, std::string_view token) {
  bool fits = false;
  for (uint32_t version = 0; version < kit::kSecretVersions; ++version)
    fits |= kit::same(
        token, kit::hex(kit::hmac(host, RL_SHA256, settings.inbound_secret, version, kTokenText)));
  return fits;
}

// Kannel sends the text of a 200 on to the person, unless it is empty.
void emit_and_answer(const rl_host* host, rl_op op, const rl_event& event) {
  const bool taken = host->emit(host, op, &event) == RL_OK;
  kit::answer(host, op, taken ? 200 : 503, taken ? "" : "busy");
}

void take_report(const rl_host* host, rl_op op, const rl_request& request, const kit::Form& form) {
  const std::string_view kind = kit::field(form, "d");
  if (kind == "4" || kind == "8") return kit::answer(host, op, 200);
  const std::string_view word = kind == "1"    ? "delivered"
                                : kind == "2"  ? "bounced"
                                : kind == "16" ? "failed"
                                               : "";
  if (word.empty()) return kit::answer(host, op, 400, "no such kind of report");
  // Kannel numbers each report anew, also the repeat of one.
  const std::string id = kit::hex(kit::bytes_of(request.key)) + "-" + std::string(kind);
  const std::string data = kit::Object()
                               .text("status", kind)
                               .text("reason", kit::as_utf8(kit::field(form, "a").substr(0, 200)))
                               .close();
  rl_event event{};
  event.struct_size = sizeof event;
  event.kind = RL_EVENT_RECEIPT;
  event.id = kit::str(id);
  event.at = instant(host, kit::field(form, "t"));
  event.key = request.key;
  event.word = kit::str(word);
  event.data = kit::str(data);
  emit_and_answer(host, op, event);
}

// Kannel hands UCS-2 on as it came. Half a surrogate pair becomes U+FFFD.
std::string from_utf16(std::string_view bytes) {
  const auto unit = [&](size_t at) -> char32_t {
    return at + 1 < bytes.size() ? static_cast<char32_t>(static_cast<uint8_t>(bytes[at]) << 8 |
                                                         static_cast<uint8_t>(bytes[at + 1]))
                                 : 0;
  };
  std::string out;
  for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
    char32_t letter = unit(at);
    const char32_t low = unit(at + 2);
    const bool surrogate = letter >= 0xd800 && letter <= 0xdfff;
    if (surrogate && letter <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) {
      letter = 0x10000 + ((letter - 0xd800) << 10) + (low - 0xdc00);
      at += 2;
    } else if (surrogate) {
      letter = 0xfffd;
    }
    kit::add_letter(letter, out);
  }
  return out;
}

// +48601234567 from that, 0048601234567 or 48601234567; empty where it is no number.
std::string e164(std::string_view from, const std::string& prefix) {
  std::string number = from.starts_with('+')    ? std::string(from)
                       : from.starts_with("00") ? "+" + std::string(from.substr(2))
                                                : prefix + std::string(from);
  const bool digits =
      std::all_of(number.begin() + 1, number.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && number.size() >= 4 && number.size() <= 16 ? number : "";
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= kMostId &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
}

void take_message(const rl_host* host, const Settings& settings, rl_op op, const kit::Form& form) {
  if (settings.inbound_secret.empty() || !token_fits(host, settings, kit::field(form, "token"))) {
    return kit::answer(host, op, 403, "the token is wrong");
  }
  const std::string from = e164(kit::field(form, "from"), settings.number_prefix);
  const std::string_view id = kit::field(form, "id");
  const std::string_view bytes = kit::field(form, "text");
  if (from.empty() || !is_id(id)) return kit::answer(host, op, 400, "from or id is wrong");
  if (bytes.size() > kMostText) return kit::answer(host, op, 413, "no person wrote so much");
  const std::string text =
      kit::field(form, "charset") == "UTF-16BE" ? from_utf16(bytes) : kit::as_utf8(bytes);
  const std::string data =
      kit::Object().text("text", text).text("channel", "sms").text("address", from).close();
  rl_event event{};
  event.struct_size = sizeof event;
  event.at = instant(host, kit::field(form, "ts"));
  event.address = kit::str(from);
  event.kind = RL_EVENT_MESSAGE;
  event.id = kit::str(id);
  event.data = kit::str(data);
  emit_and_answer(host, op, event);
}

}  // namespace

void take_request(const rl_host* host, const Settings& settings, rl_op op,
                  const rl_request& request) {
  const bool posted = kit::view(request.method) == "POST";
  const kit::Form form = kit::parse_form(kit::view(posted ? request.body : request.query));
  if (kit::is_key(request.key)) return take_report(host, op, request, form);
  take_message(host, settings, op, form);
}

}  // namespace kannel
