#include "wire.h"

#include <iterator>

#include "kit/text.h"

namespace stripe {

bool Wire::get(rl_op op, uint64_t tag, const std::string& path) const {
  const rl_header headers[] = {{RL_TEXT("Stripe-Version"), kit::str(settings_.api_version)}};
  rl_http request{};
  request.method = kit::str("GET");
  request.headers = headers;
  request.headers_count = std::size(headers);
  return ask(op, tag, request, path);
}

bool Wire::post(rl_op op, uint64_t tag, const std::string& path, std::string_view body,
                std::string_view key, bool effect) const {
  const rl_header headers[] = {
      {RL_TEXT("Content-Type"), RL_TEXT("application/x-www-form-urlencoded")},
      {RL_TEXT("Idempotency-Key"), kit::str(key)},
      {RL_TEXT("Stripe-Version"), kit::str(settings_.api_version)}};
  rl_http request{};
  request.flags = effect ? uint32_t{RL_EFFECT} : 0;
  request.method = kit::str("POST");
  request.headers = headers;
  request.headers_count = std::size(headers);
  request.body = kit::str(body);
  return ask(op, tag, request, path);
}

bool Wire::ask(rl_op op, uint64_t tag, rl_http& request, const std::string& path) const {
  const std::string url = settings_.base_url + path;
  request.struct_size = sizeof request;
  request.url = kit::str(url);
  request.secret = kit::str(settings_.api_key);
  request.auth = RL_AUTH_BEARER;
  request.timeout_ms = settings_.timeout_ms;
  return host_->http(host_, op, tag, &request) == RL_OK;
}

}  // namespace stripe
