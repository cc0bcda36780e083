// What comes back to a mailbox, or from a provider about one: delivery reports (RFC 3464),
// complaints (RFC 5965), replies, and the events of providers as JSON. Pure.
#pragma once

#include <relance/plugin.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace email {

struct Notice {
  enum class Kind { receipt, message };
  Kind kind = Kind::receipt;
  std::string id;    // unique and stable for this happening
  std::string word;  // receipt: delivered, bounced, complained, opted_out, failed
  std::string key;   // of our letter, in base32; empty: not told
  std::string ref;   // the provider's id of our letter
  std::string address, reason, subject, text;
};

// A raw message: one report, complaint or reply; none where it says nothing of interest (an
// automatic answer, a delay).
std::vector<Notice> read_message(std::string_view raw);

// Events of SendGrid, Postmark or Amazon SES (over SNS). nullopt: none of these.
std::optional<std::vector<Notice>> read_events(std::string_view json);

// The word for an enhanced status code (RFC 3463) that is final: bounced where the address is at
// fault, else failed.
std::string_view word_of_status(std::string_view status);

// "a5sv...": the key within "<KEY@domain>" or "bounces+KEY@domain"; empty: there is none.
std::string key_in(std::string_view text);

}  // namespace email
