// Requests of an operation, each with what follows its reply; and what a reply that is no answer
// means for an operation, which is the same for every API of JSON over HTTP.
//
// Threads: one call at a time. Lifetime: what a continuation captures lives until its reply came,
// also where the operation is over by then.
#pragma once

#include <relance/host.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kit/complete.h"
#include "kit/http.h"
#include "kit/json.h"

namespace kit {

struct Request {
  std::string method = "GET", url, body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string secret, auth_name;
  uint32_t auth = RL_AUTH_BEARER, timeout_ms = 0;
  bool acts = false;
};

struct Answer {
  const rl_reply& reply;
  const Value* root;  // the JSON object or list of the body; nullptr: it is none

  bool good() const { return reply.status >= 200 && reply.status < 300; }
};

class Requests {
 public:
  using Then = std::function<void(const Answer&)>;

  explicit Requests(const rl_host* host) : host_(host) {}

  // RL_OK, or nothing was begun and `then` is never called.
  int32_t ask(rl_op op, const Request& asked, Then then) {
    std::vector<rl_header> headers;
    for (const auto& [name, value] : asked.headers) headers.push_back({str(name), str(value)});
    rl_http request{};
    request.struct_size = sizeof request;
    request.flags = asked.acts ? uint32_t{RL_EFFECT} : 0;
    request.method = str(asked.method);
    request.url = str(asked.url);
    request.headers = headers.data();
    request.headers_count = headers.size();
    request.body = str(asked.body);
    request.secret = str(asked.secret);
    request.auth_name = str(asked.auth_name);
    request.auth = asked.secret.empty() ? 0 : asked.auth;
    request.timeout_ms = asked.timeout_ms;
    const uint64_t tag = ++last_;
    waiting_.emplace(tag, std::move(then));  // the reply may come before http() returns
    const int32_t begun = host_->http(host_, op, tag, &request);
    if (begun != RL_OK) waiting_.erase(tag);
    return begun;
  }

  void on_io(uint64_t tag, const rl_reply& reply) {
    auto waited = waiting_.extract(tag);
    if (waited.empty()) return;
    rapidjson::Document document;
    const std::string_view body = view(reply.body);
    document.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
    const bool told = !document.HasParseError() && (document.IsObject() || document.IsArray());
    waited.mapped()({reply, told ? &document : nullptr});
  }

 private:
  const rl_host* host_;
  uint64_t last_ = 0;
  std::unordered_map<uint64_t, Then> waiting_;
};

// A reply that is not the provider's answer to the question, and how the operation ends by it; of a
// request that `acts`, what may have happened stays unknown. nullopt: it is an answer, good or not.
// `pause_ms`: after a 429 that does not say for how long.
inline std::optional<Outcome> trouble_of(const Answer& answer, bool acts, int64_t now,
                                         int64_t pause_ms) {
  constexpr int64_t kLockedOutMs = 60'000;
  const rl_reply& reply = answer.reply;
  const uint32_t open = acts ? RL_UNKNOWN : RL_NOT_NOW;
  if (reply.wire == RL_NOT_SENT) return Outcome{.status = RL_NOT_NOW, .reason = "not sent"};
  if (reply.wire != RL_ANSWERED) return Outcome{.status = open, .reason = "no answer"};
  const std::string reason = "HTTP " + std::to_string(reply.status);
  if (reply.status == 429) {
    return Outcome{.status = RL_NOT_NOW,
                   .reason = reason,
                   .again_at = retry_after(reply, now, now + pause_ms),
                   .again_scope = RL_SCOPE_CHANNEL};
  }
  if (reply.status == 401 || reply.status == 403) {  // nobody's data is at fault
    return Outcome{.status = RL_NOT_NOW,
                   .reason = reason + ": the credentials are refused",
                   .again_at = now + kLockedOutMs,
                   .again_scope = RL_SCOPE_CHANNEL};
  }
  if (reply.status == 204) return std::nullopt;
  if (answer.root == nullptr) return Outcome{.status = open, .reason = reason + " without JSON"};
  if (reply.status < 200 || reply.status == 408 || reply.status >= 500 ||
      (reply.status >= 300 && reply.status < 400)) {
    return Outcome{.status = open, .reason = reason};
  }
  return std::nullopt;
}

}  // namespace kit
