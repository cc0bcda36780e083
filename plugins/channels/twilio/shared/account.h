// One account at Twilio, or at a provider that speaks the same API: addresses, credentials,
// requests.
//
// Threads: as the instance. The account's auth token is a named secret: the host writes it into
// requests and checks signatures with it.
#pragma once

#include <relance/inbound.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "kit/form.h"
#include "kit/json.h"

// Members of both plugins' configuration schemas.
#define TWILIO_ACCOUNT_PROPERTIES                                      \
  R"("account_sid": {"type": "string", "pattern": "^[A-Za-z0-9]+$"},)" \
  R"("auth_token": {"type": "string", "format": "secret"},)"           \
  R"("api_key_sid": {"type": "string", "pattern": "^[A-Za-z0-9]+$"},)" \
  R"("api_key_secret": {"type": "string", "format": "secret"},)"       \
  R"("api_url": {"type": "string", "pattern": "^https?://[^/]+$"})"

namespace twilio {

// What a schema cannot say of those: a line for each problem.
void check_account(const kit::Value* config, const rl_out* problems);

class Account {
 public:
  Account(const rl_host* host, const kit::Value* config);

  // A form to `resource` of the account ("Messages.json"). `acts`: it sends, and leaves the mark.
  int32_t post(rl_op op, uint64_t tag, std::string_view resource, const kit::Form& form,
               bool acts) const;
  int32_t get(rl_op op, uint64_t tag, std::string_view resource, const kit::Form& query) const;
  // `uri`: as the provider names the next page, "/2010-04-01/Accounts/...".
  int32_t get_uri(rl_op op, uint64_t tag, std::string_view uri) const;

  // Did this account's token sign the request? Current or previous token; constant time.
  bool signed_by_us(const rl_request& request) const;

  const std::string& token() const { return token_; }  // its name

 private:
  int32_t ask(rl_op op, uint64_t tag, std::string_view method, const std::string& url,
              const std::string& body, uint32_t flags) const;

  const rl_host* host_;
  std::string sid_, token_, user_, secret_, base_;
};

}  // namespace twilio
