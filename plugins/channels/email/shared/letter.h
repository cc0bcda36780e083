// A touch as a letter: what both ways of sending mail need to know, and its RFC 5322 text. Pure in
// the touch and the configuration: a repeat gives the same bytes.
#pragma once

#include <relance/channel.h>
#include <relance/host.h>

#include <string>
#include <string_view>
#include <vector>

#include "kit/json.h"

// For the `properties` of both plugins' configuration schemas.
#define EMAIL_SENDER_PROPERTIES                                      \
  R"("from": {"type": "string"}, "from_name": {"type": "string"},)"  \
  R"("reply_to": {"type": "string"}, "domain": {"type": "string"},)" \
  R"("unsubscribe": {"type": "string"},)"                            \
  R"("unsubscribe_secret": {"type": "string", "format": "secret"},)" \
  R"("mailbox_secret": {"type": "string", "format": "secret"})"

namespace email {

// Of the configuration.
struct Sender {
  explicit Sender(const kit::Value* config);

  std::string from, from_name, reply_to;
  std::string domain;       // of message ids
  std::string bounces;      // envelope sender; "{key}" in it becomes the touch's key
  std::string unsubscribe;  // URL with "{key}" or "{token}"; "callback": the host's own
  std::string unsubscribe_secret;
};
// Each is a line in `problems`.
void check_sender(const kit::Value* config, const rl_out* problems);

struct Letter {
  struct File {
    std::string name, content_type, bytes;
  };
  std::string key, to, locale, message_id;  // message_id: "KEY@domain"
  std::string subject, text, html, unsubscribe;
  int64_t at = 0;
  std::vector<File> files;

  // Why it cannot be sent; empty: it can. "no_mailbox" is about the address.
  std::string_view problem() const;
};
Letter letter_of(const rl_host* host, const Sender& sender, const rl_touch& touch);

// Beside From, To, Reply-To, Subject and what describes the body: names and values.
std::vector<std::pair<std::string, std::string>> extra_headers(const Letter& letter);
std::string envelope_sender(const Sender& sender, const Letter& letter);
std::string message_of(const Sender& sender, const Letter& letter);

// Hex of host->hmac(SHA-256); empty: no such secret or version.
std::string hmac_hex(const rl_host* host, std::string_view secret, uint32_t version,
                     std::string_view data);

}  // namespace email
