#include "sources/mapping/fetch.h"

#include "kit/form.h"
#include "kit/text.h"

namespace sources {
namespace {

constexpr uint32_t kTimeoutMs = 4000;  // a provider waits 5 s for its answer

std::string written(const Value* parts, const Scope& scope) {
  std::string text;
  if (parts == nullptr) return text;
  for (const Value& part : parts->GetArray()) {
    const std::string piece = evaluate_text(part, scope).value_or("");
    text += is_path(part) || part.IsObject() ? kit::percent_encode(piece) : piece;
  }
  return text;
}

uint32_t auth_of(std::string_view name) {
  return name == "header" ? RL_AUTH_HEADER : RL_AUTH_BEARER;
}

}  // namespace

Api::Api(const Value* api, const Value& configuration)
    : url_(kit::text(&configuration, "api_url", kit::text(api, "url"))),
      secret_(kit::text(&configuration, "api_key")),
      auth_name_(kit::text(api, "auth_name")),
      auth_(auth_of(kit::text(api, "auth"))) {
  while (url_.ends_with('/')) url_.pop_back();
  const Value* headers = kit::member(api, "headers");
  if (headers == nullptr) return;
  for (const auto& [name, value] : headers->GetObject())
    headers_.emplace_back(kit::view(name), kit::view(value));
}

bool Api::ask(const rl_host* host, rl_op op, const Value& fetch, const Scope& scope) const {
  const std::string url = url_ + "/" + written(kit::member(&fetch, "path"), scope);
  const std::string body = written(kit::member(&fetch, "body"), scope);
  std::vector<rl_header> headers;
  for (const auto& [name, value] : headers_) headers.push_back({kit::str(name), kit::str(value)});
  if (const std::string_view type = kit::text(&fetch, "content_type"); !type.empty())
    headers.push_back({kit::str("content-type"), kit::str(type)});
  rl_http request{};
  request.struct_size = sizeof request;
  request.method = kit::str(kit::text(&fetch, "method", "GET"));
  request.url = kit::str(url);
  request.headers = headers.data();
  request.headers_count = headers.size();
  request.body = kit::str(body);
  request.secret = kit::str(secret_);
  request.auth_name = kit::str(auth_name_);
  request.auth = auth_;
  request.timeout_ms = kTimeoutMs;
  return host->http(host, op, 0, &request) == RL_OK;
}

}  // namespace sources
