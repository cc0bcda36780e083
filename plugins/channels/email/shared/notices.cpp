#include "notices.h"

#include <cstdio>

#include "kit/key.h"
#include "kit/share.h"
#include "mime_read.h"

namespace email {
namespace {

constexpr size_t kMostText = 16u << 10;  // of a reply

bool is_key_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); }

// Where a message has no id of its own its bytes are what makes it itself.
std::string id_of(const Entity& message, std::string_view raw) {
  const std::string own = message.header("message-id");
  if (!own.empty()) return own;
  char text[24];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(kit::mix(0, raw, "message")));
  return text;
}

// Our letter as the report gives it back, or as the address it was sent to tells.
std::string key_of_letter(const Entity& report) {
  for (const char* const type : {"text/rfc822-headers", "message/rfc822"}) {
    const Entity* returned = report.find(type);
    if (returned == nullptr) continue;
    std::string_view headers = returned->body;
    for (const auto& [name, value] : read_headers(headers)) {
      if (name == "x-relance-key" && key_in("<" + value + "@") == value) return value;
      if (name == "message-id" && !key_in(value).empty()) return key_in(value);
    }
  }
  return key_in(report.header("to"));
}

std::string field(const std::vector<std::pair<std::string, std::string>>& fields,
                  std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

// "rfc822; ada@example.com"
std::string behind_type(std::string_view value) {
  const size_t at = value.find(';');
  const std::string_view rest = at == std::string_view::npos ? value : value.substr(at + 1);
  const size_t begin = rest.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string() : std::string(rest.substr(begin));
}

std::vector<Notice> read_delivery(const Entity& report, const Entity& status,
                                  std::string_view raw) {
  std::vector<Notice> notices;
  std::string_view rest = status.body;
  read_headers(rest);  // of the message; a group for each recipient follows
  while (!rest.empty()) {
    const auto group = read_headers(rest);
    const std::string action = field(group, "action"), code = field(group, "status");
    if (action != "failed" && action != "delivered") continue;
    Notice notice;
    notice.word = action == "delivered" ? "delivered" : word_of_status(code);
    notice.key = key_of_letter(report);
    const std::string original = behind_type(field(group, "original-recipient"));
    notice.address = original.empty() ? behind_type(field(group, "final-recipient")) : original;
    notice.reason = "dsn_" + code.substr(0, code.find(' '));
    notice.id = id_of(report, raw) + ":" + notice.address + ":" + notice.word;
    notices.push_back(std::move(notice));
  }
  return notices;
}

// A complaint takes the address out of all mail that is not a duty, whoever redacted what.
std::vector<Notice> read_complaint(const Entity& report, const Entity& feedback,
                                   std::string_view raw) {
  std::string_view text = feedback.body;
  const auto fields = read_headers(text);
  const std::string type = field(fields, "feedback-type");
  if (type == "not-spam") return {};
  Notice notice;
  notice.word = "complained";
  notice.key = key_of_letter(report);
  notice.address = address_in(field(fields, "original-rcpt-to"));
  notice.reason = "feedback_" + type;
  notice.id = id_of(report, raw) + ":complained";
  return {notice};
}

// Mail that no person wrote (RFC 3834), and must not count as an answer.
bool is_automatic(const Entity& message) {
  const std::string submitted = message.header("auto-submitted");
  const std::string precedence = message.header("precedence");
  return (!submitted.empty() && submitted != "no") || precedence == "bulk" ||
         precedence == "junk" || precedence == "auto_reply" ||
         !message.header("x-autoreply").empty() || message.header("return-path") == "<>";
}

// Without what it quotes.
std::string own_words(std::string_view text) {
  std::string own;
  while (!text.empty() && own.size() < kMostText) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (line.starts_with('>')) continue;
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    own += std::string(line) + "\n";
  }
  while (!own.empty() && own.back() == '\n') own.pop_back();
  return own;
}

std::vector<Notice> read_reply(const Entity& message, std::string_view raw) {
  if (is_automatic(message)) return {};
  Notice notice;
  notice.kind = Notice::Kind::message;
  notice.id = id_of(message, raw);
  for (const char* const name : {"in-reply-to", "references", "to"}) {
    if (notice.key.empty()) notice.key = key_in(message.header(name));
  }
  notice.address = address_in(message.header("from"));
  notice.subject = message.header("subject");
  if (const Entity* text = message.find("text/plain")) notice.text = own_words(text->body);
  return {notice};
}

}  // namespace

std::vector<Notice> read_message(std::string_view raw) {
  const Entity message = read_entity(raw);
  if (message.headers.empty()) return {};
  if (const Entity* status = message.find("message/delivery-status"))
    return read_delivery(message, *status, raw);
  if (const Entity* feedback = message.find("message/feedback-report"))
    return read_complaint(message, *feedback, raw);
  return read_reply(message, raw);
}

// RFC 3463: 5.1.x bad address, 5.2.1 mailbox disabled, 5.4.4 no such host; but 5.1.7 and 5.1.8 are
// the sender's. A full mailbox, a policy or a time-out says nothing of the address.
std::string_view word_of_status(std::string_view status) {
  if (status.starts_with("5.1.7") || status.starts_with("5.1.8")) return "failed";
  const bool address = status.starts_with("5.1.") || status == "5.2.1" || status == "5.4.4";
  return address ? "bounced" : "failed";
}

std::string key_in(std::string_view text) {
  for (size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    if (at < kit::kKeyLetters + 1) continue;
    const std::string_view key = text.substr(at - kit::kKeyLetters, kit::kKeyLetters);
    const char before = text[at - kit::kKeyLetters - 1];
    bool whole = before == '<' || before == '+' || before == ' ';
    for (const char c : key) whole = whole && is_key_letter(c);
    if (whole) return std::string(key);
  }
  return {};
}

}  // namespace email
