#include "letter.h"

#include "kit/digest.h"
#include "mime_write.h"

namespace email {
namespace {

std::string filled(std::string text, std::string_view mark, std::string_view with) {
  for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + with.size()))
    text.replace(at, mark.size(), with);
  return text;
}

// Nobody else can make it: whoever unsubscribes was sent this letter (RFC 8058, 3).
std::string token(const rl_host* host, const Sender& sender, std::string_view key) {
  const std::string data = "unsubscribe " + std::string(key);
  return std::string(key) + "." + hmac_hex(host, sender.unsubscribe_secret, 0, data).substr(0, 32);
}

std::string unsubscribe_url(const rl_host* host, const Sender& sender, const rl_touch& touch) {
  if (kit::view(touch.purpose) == "service" || sender.unsubscribe.empty()) return {};
  if (sender.unsubscribe == "callback") {
    const std::string_view url = kit::view(touch.callback_url);
    return url.empty() ? std::string() : std::string(url) + "/unsubscribe";
  }
  const std::string_view key = kit::view(touch.key_text);
  const std::string url = filled(sender.unsubscribe, "{key}", key);
  return url.find("{token}") == std::string::npos
             ? url
             : filled(url, "{token}", token(host, sender, key));
}

std::string body_of(const Letter& letter) {
  const std::string border = "=_" + letter.key;  // no encoded body can hold it
  std::vector<std::string> ways;
  if (!letter.text.empty()) ways.push_back(text_entity("text/plain", letter.text));
  if (!letter.html.empty()) ways.push_back(text_entity("text/html", letter.html));
  std::string body =
      ways.size() == 1 ? ways.front() : multipart("alternative", border + "_a", ways);
  if (letter.files.empty()) return body;
  std::vector<std::string> all{std::move(body)};
  for (const Letter::File& file : letter.files)
    all.push_back(file_entity(file.content_type, file.name, file.bytes));
  return multipart("mixed", border + "_m", all);
}

// Of "Shop <shop@example.com>", or of a mailbox alone.
std::string_view mailbox_in(std::string_view from) {
  const size_t open = from.rfind('<');
  if (open == std::string_view::npos || !from.ends_with('>')) return from;
  return from.substr(open + 1, from.size() - open - 2);
}
std::string_view name_in(std::string_view from) {
  const size_t open = from.rfind('<');
  if (open == std::string_view::npos) return {};
  const size_t end = from.find_last_not_of(' ', open == 0 ? 0 : open - 1);
  return open == 0 || end == std::string_view::npos ? std::string_view() : from.substr(0, end + 1);
}

}  // namespace

Sender::Sender(const kit::Value* config)
    : from(mailbox_in(kit::text(config, "from"))),
      from_name(kit::text(config, "from_name", name_in(kit::text(config, "from")))),
      reply_to(kit::text(config, "reply_to")),
      domain(kit::text(config, "domain")),
      bounces(kit::text(config, "bounces")),
      unsubscribe(kit::text(config, "unsubscribe")),
      unsubscribe_secret(kit::text(config, "unsubscribe_secret")) {
  if (domain.empty()) domain = from.substr(std::min(from.find('@'), from.size() - 1) + 1);
  if (bounces.empty()) bounces = from;
}

void check_sender(const kit::Value* config, const rl_out* problems) {
  const auto wants_mailbox = [&](std::string_view name, std::string_view value) {
    if (!value.empty() && !is_mailbox(value))
      kit::put(problems, "'" + std::string(name) + "' is no mailbox\n");
  };
  wants_mailbox("from", mailbox_in(kit::text(config, "from")));
  wants_mailbox("reply_to", kit::text(config, "reply_to"));
  wants_mailbox("bounces", filled(std::string(kit::text(config, "bounces")), "{key}", "k"));
  const std::string_view url = kit::text(config, "unsubscribe");
  if (!url.empty() && url != "callback" && !url.starts_with("https://"))
    kit::put(problems, "'unsubscribe' is neither \"callback\" nor an https URL (RFC 8058)\n");
  if (url.find("{token}") != std::string_view::npos &&
      kit::text(config, "unsubscribe_secret").empty())
    kit::put(problems, "'unsubscribe' has a {token}, which needs 'unsubscribe_secret'\n");
}

Letter letter_of(const rl_host* host, const Sender& sender, const rl_touch& touch) {
  Letter letter;
  letter.key = kit::view(touch.key_text);
  letter.to = kit::view(touch.address);
  letter.locale = kit::view(touch.locale);
  letter.message_id = letter.key + "@" + sender.domain;
  letter.at = touch.intended_at;
  letter.unsubscribe = unsubscribe_url(host, sender, touch);
  for (uint32_t i = 0; i < touch.parts_count; ++i) {
    const rl_part& part = *touch.parts[i];
    const std::string_view role = kit::view(part.role), bytes = kit::view(part.bytes);
    if (role == "subject") letter.subject = bytes;
    if (role == "text") letter.text = bytes;
    if (role == "html") letter.html = bytes;
    if (role == "file")
      letter.files.push_back({std::string(kit::view(part.file_name)),
                              std::string(kit::view(part.content_type)), std::string(bytes)});
  }
  return letter;
}

std::string_view Letter::problem() const {
  if (!is_mailbox(to)) return "no_mailbox";
  if (text.empty() && html.empty()) return "no_body";
  return {};
}

std::vector<std::pair<std::string, std::string>> extra_headers(const Letter& letter) {
  std::vector<std::pair<std::string, std::string>> headers{
      {"Message-ID", "<" + letter.message_id + ">"},
      {"Auto-Submitted", "auto-generated"},
      {"X-Relance-Key", letter.key}};
  if (!letter.locale.empty()) headers.emplace_back("Content-Language", letter.locale);
  if (!letter.unsubscribe.empty()) {
    headers.emplace_back("List-Unsubscribe", "<" + letter.unsubscribe + ">");
    headers.emplace_back("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  }
  return headers;
}

std::string envelope_sender(const Sender& sender, const Letter& letter) {
  return filled(sender.bounces, "{key}", letter.key);
}

std::string message_of(const Sender& sender, const Letter& letter) {
  std::string message = plain_header("Date", date(letter.at)) +
                        "From: " + mailbox(sender.from_name, sender.from) + "\r\n" +
                        plain_header("To", letter.to);
  if (!sender.reply_to.empty()) message += plain_header("Reply-To", sender.reply_to);
  message += header("Subject", letter.subject);
  for (const auto& [name, value] : extra_headers(letter)) message += plain_header(name, value);
  return message + plain_header("MIME-Version", "1.0") + body_of(letter);
}

std::string hmac_hex(const rl_host* host, std::string_view secret, uint32_t version,
                     std::string_view data) {
  return kit::hex(kit::hmac(host, RL_SHA256, secret, version, data));
}

}  // namespace email
