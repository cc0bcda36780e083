#include "reports.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "channels/twilio/shared/stop_words.h"
#include "kit/form.h"
#include "kit/text.h"
#include "kit/utf8.h"

namespace kannel {
namespace {

constexpr std::string_view kTokenText = "relance.sms.kannel";
constexpr size_t kMostText = 16 * 1024;
constexpr size_t kMostId = 100;

// Kannel sends the text of a 200 on to the person, unless it is empty.
void answer(const rl_host* host, rl_op op, int32_t status, std::string_view text = {}) {
  rl_answer answer{};
  answer.struct_size = sizeof answer;
  answer.status = status;
  answer.content_type = kit::str("text/plain");
  answer.body = kit::str(text);
  host->answer(host, op, &answer);
}

int64_t number(std::string_view digits) {
  int64_t value = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size() ? value : -1;
}

// The instant of "1767600000"; 0, which is now, where the text is none or lies ahead.
int64_t instant(const rl_host* host, std::string_view seconds) {
  const int64_t at = number(seconds);
  return at > 0 && at <= host->now(host) / 1000 ? at * 1000 : 0;
}

std::string hex(const uint8_t* bytes, size_t count) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < count; ++i) text += {kDigits[bytes[i] >> 4], kDigits[bytes[i] & 15]};
  return text;
}

// Takes as long whatever differs.
bool same(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  }
  return difference == 0;
}

bool token_fits(const rl_host* host, const Settings& settings, std::string_view token) {
  bool fits = false;
  for (uint32_t version = 0; version < 2; ++version) {
    uint8_t digest[64];
    const size_t length = host->hmac(host, RL_SHA256, kit::str(settings.inbound_secret), version,
                                     kit::str(kTokenText), digest);
    fits = (length > 0 && same(token, hex(digest, length))) || fits;
  }
  return fits;
}

void emit_and_answer(const rl_host* host, rl_op op, const rl_event& event) {
  const bool taken = host->emit(host, op, &event) == RL_OK;
  answer(host, op, taken ? 200 : 503, taken ? "" : "busy");
}

void take_report(const rl_host* host, rl_op op, const rl_request& request, const kit::Form& form) {
  const std::string_view kind = kit::field(form, "d");
  if (kind == "4" || kind == "8") return answer(host, op, 200);
  const std::string_view word = kind == "1"    ? "delivered"
                                : kind == "2"  ? "bounced"
                                : kind == "16" ? "failed"
                                               : "";
  if (word.empty()) return answer(host, op, 400, "no such kind of report");
  // Kannel numbers each report anew, also the repeat of one.
  const std::string id = hex(request.key.bytes, sizeof request.key.bytes) + "-" + std::string(kind);
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
    return answer(host, op, 403, "the token is wrong");
  }
  const std::string from = e164(kit::field(form, "from"), settings.number_prefix);
  const std::string_view id = kit::field(form, "id");
  const std::string_view bytes = kit::field(form, "text");
  if (from.empty() || !is_id(id)) return answer(host, op, 400, "from or id is wrong");
  if (bytes.size() > kMostText) return answer(host, op, 413, "no person wrote so much");
  const std::string text =
      kit::field(form, "charset") == "UTF-16BE" ? from_utf16(bytes) : kit::as_utf8(bytes);
  const std::string data =
      kit::Object().text("text", text).text("channel", "sms").text("address", from).close();
  const std::string stop_id = std::string(id) + "-stop";
  rl_event event{};
  event.struct_size = sizeof event;
  event.at = instant(host, kit::field(form, "ts"));
  event.address = kit::str(from);
  // It ends all messages to that number; the words themselves are an event like any other's.
  if (twilio::is_stop_word(text, from)) {
    event.kind = RL_EVENT_RECEIPT;
    event.id = kit::str(stop_id);
    event.word = kit::str("opted_out");
    event.data = kit::str(R"({"status":"received","reason":"stop_word"})");
    if (host->emit(host, op, &event) != RL_OK) return answer(host, op, 503, "busy");
    event.word = {};
  }
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
  const bool keyed = std::any_of(std::begin(request.key.bytes), std::end(request.key.bytes),
                                 [](uint8_t byte) { return byte != 0; });
  if (keyed) return take_report(host, op, request, form);
  take_message(host, settings, op, form);
}

}  // namespace kannel
