// X-Twilio-Signature: who has the account's auth token wrote this request.
//
// HMAC-SHA1, base64, over the URL as the sender wrote it, followed for forms by each field's name
// and value, sorted by name, then by value, a repeated field once. Source: the provider's "Webhooks
// security" and its client libraries. Threads: any.
#pragma once

#include <relance/inbound.h>

#include <string>
#include <string_view>
#include <vector>

#include "kit/form.h"

namespace twilio {

// What is signed.
std::string signed_text(std::string_view url, kit::Form form);

// The URL with its scheme's own port written out and without: senders do either.
std::vector<std::string> with_and_without_port(std::string_view url);

// By the secret of this name, as it is or as it was before. Compares in constant time.
bool is_signed(const rl_host* host, std::string_view secret, const rl_request& request);

// The form's fields as text: what was signed are bytes, and may be no UTF-8.
kit::Form fields_of(const rl_request& request);

}  // namespace twilio
