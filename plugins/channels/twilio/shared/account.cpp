#include "account.h"

#include "kit/text.h"
#include "signature.h"

namespace twilio {
namespace {

constexpr std::string_view kVersion = "/2010-04-01/Accounts/";
constexpr uint32_t kTimeoutMs = 20000;

}  // namespace

void check_account(const kit::Value* config, const rl_out* problems) {
  const bool user = kit::member(config, "api_key_sid") != nullptr;
  const bool secret = kit::member(config, "api_key_secret") != nullptr;
  if (user != secret) kit::put(problems, "an API key has a sid and a secret\n");
}

// With an API key its pair authenticates requests; callbacks are signed with the account's token
// all the same.
Account::Account(const rl_host* host, const kit::Value* config)
    : host_(host),
      sid_(kit::text(config, "account_sid")),
      token_(kit::text(config, "auth_token")),
      user_(kit::text(config, "api_key_sid", sid_)),
      secret_(kit::text(config, "api_key_secret", token_)),
      base_(kit::text(config, "api_url", "https://api.twilio.com")) {}

int32_t Account::post(rl_op op, uint64_t tag, std::string_view resource, const kit::Form& form,
                      bool acts) const {
  const std::string url = base_ + std::string(kVersion) + sid_ + '/' + std::string(resource);
  return ask(op, tag, "POST", url, kit::write_form(form), acts ? uint32_t{RL_EFFECT} : 0u);
}

int32_t Account::get(rl_op op, uint64_t tag, std::string_view resource,
                     const kit::Form& query) const {
  std::string url = base_ + std::string(kVersion) + sid_ + '/' + std::string(resource);
  if (!query.empty()) url += '?' + kit::write_form(query);
  return ask(op, tag, "GET", url, {}, 0);
}

int32_t Account::get_uri(rl_op op, uint64_t tag, std::string_view uri) const {
  return ask(op, tag, "GET", base_ + std::string(uri), {}, 0);
}

int32_t Account::ask(rl_op op, uint64_t tag, std::string_view method, const std::string& url,
                     const std::string& body, uint32_t flags) const {
  const rl_header headers[] = {
      {RL_TEXT("Accept"), RL_TEXT("application/json")},
      {RL_TEXT("Content-Type"), RL_TEXT("application/x-www-form-urlencoded")}};
  rl_http request{};
  request.struct_size = sizeof request;
  request.flags = flags;
  request.method = kit::str(method);
  request.url = kit::str(url);
  request.headers = headers;
  request.headers_count = body.empty() ? 1 : 2;
  request.body = kit::str(body);
  request.secret = kit::str(secret_);
  request.auth_name = kit::str(user_);
  request.auth = RL_AUTH_BASIC;
  request.timeout_ms = kTimeoutMs;
  return host_->http(host_, op, tag, &request);
}

bool Account::signed_by_us(const rl_request& request) const {
  return is_signed(host_, token_, request);
}

}  // namespace twilio
