// relance.webhook: posts each touch as a signed CloudEvent. Doing it twice is harmless: receivers
// know a repeat by its id.
#include <stdexcept>
#include <string>
#include <vector>

#include "kit/complete.h"
#include "kit/digest.h"
#include "kit/http.h"
#include "kit/json.h"
#include "kit/local_time.h"
#include "kit/plugin.h"

namespace webhook {
namespace {

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false, "required": ["url", "secret"],
  "properties": {
    "url": {"type": "string", "minLength": 8},
    "secret": {"type": "string", "format": "secret", "minLength": 1},
    "bearer": {"type": "string", "format": "secret", "default": ""},
    "source": {"type": "string", "minLength": 1, "default": "relance"},
    "type": {"type": "string", "minLength": 1, "default": "relance.touch"},
    "timeout_ms": {"type": "integer", "minimum": 100, "maximum": 90000, "default": 15000}
  }
})";

constexpr int64_t kComeBackMs = 5'000;  // after a 429 or 5xx that does not say when
constexpr uint32_t kMostInFlight = 16;

std::string problems_of(std::string_view config) {
  const kit::Json json(config);
  const std::string_view url = kit::text(json.root(), "url");
  const bool http = url.starts_with("https://") || url.starts_with("http://");
  return http ? "" : "url must begin with https:// or http://";
}

// [{"role": "text", "content_type": "text/plain", "text": "..."}]
std::string parts_json(const rl_touch& touch) {
  std::string list = "[";
  for (uint32_t i = 0; i < touch.parts_count; ++i) {
    const rl_part& part = *touch.parts[i];
    if (i > 0) list += ',';
    list += kit::Object()
                .text("role", kit::view(part.role))
                .text("content_type", kit::view(part.content_type))
                .text("text", kit::view(part.bytes))
                .close();
  }
  return list + "]";
}

class Hook {
 public:
  Hook(const rl_host* host, std::string_view config) : host_(host) {
    const std::string problems = problems_of(config);
    if (!problems.empty()) throw std::invalid_argument(problems);
    const kit::Json json(config);
    url_ = kit::text(json.root(), "url");
    secret_ = kit::text(json.root(), "secret");
    bearer_ = kit::text(json.root(), "bearer");
    source_ = kit::text(json.root(), "source", "relance");
    type_ = kit::text(json.root(), "type", "relance.touch");
    timeout_ms_ = static_cast<uint32_t>(kit::integer(json.root(), "timeout_ms", 15000));
  }

  void send(rl_op op, const rl_touch& touch) {
    const std::string_view id = kit::view(touch.key_text);
    const std::string body = event_of(touch);
    // Of this attempt, not of the touch: receivers refuse what was signed long ago.
    const std::string seconds = std::to_string(host_->now(host_) / 1000);
    const std::string signatures = sign(std::string(id) + "." + seconds + "." + body);
    if (signatures.empty()) {
      return kit::complete(host_, op, {.status = RL_FAILED, .reason = "the secret is not set"});
    }
    const rl_header headers[] = {
        {RL_TEXT("Content-Type"), RL_TEXT("application/cloudevents+json; charset=utf-8")},
        {RL_TEXT("webhook-id"), kit::str(id)},
        {RL_TEXT("webhook-timestamp"), kit::str(seconds)},
        {RL_TEXT("webhook-signature"), kit::str(signatures)}};
    rl_http request{};
    request.struct_size = sizeof request;
    request.flags = RL_EFFECT;
    request.method = kit::str("POST");
    request.url = kit::str(url_);
    request.headers = headers;
    request.headers_count = std::size(headers);
    request.body = kit::str(body);
    request.secret = kit::str(bearer_);
    request.auth = bearer_.empty() ? 0 : RL_AUTH_BEARER;
    request.timeout_ms = timeout_ms_;
    if (host_->http(host_, op, 0, &request) != RL_OK) {
      kit::complete(host_, op, {.status = RL_NOT_NOW, .reason = "busy"});
    }
  }

  void on_io(rl_op op, const rl_reply& reply) const {
    if (reply.wire != RL_ANSWERED) {
      const uint32_t status = reply.wire == RL_NOT_SENT ? RL_NOT_NOW : RL_UNKNOWN;
      return kit::complete(host_, op, {.status = status, .reason = kit::view(reply.problem)});
    }
    const std::string reason = "HTTP " + std::to_string(reply.status);
    if (reply.status >= 200 && reply.status < 300) {
      return kit::complete(host_, op, {.word = "delivered", .reason = reason});
    }
    if (reply.status == 410) {  // the receiver wants no more of these
      return kit::complete(host_, op, {.status = RL_REFUSED, .word = "failed", .reason = reason});
    }
    if (reply.status == 429 || reply.status >= 500) {
      const int64_t now = host_->now(host_);
      const int64_t again_at = kit::retry_after(reply, now, now + kComeBackMs);
      return kit::complete(host_, op,
                           {.status = RL_NOT_NOW, .reason = reason, .again_at = again_at});
    }
    kit::complete(host_, op, {.status = RL_FAILED, .word = "failed", .reason = reason});
  }

 private:
  // The same bytes for the same touch.
  std::string event_of(const rl_touch& touch) const {
    const std::string_view data = kit::view(touch.data);
    const kit::Json json(data);
    kit::Object inner;
    inner.text("channel", kit::view(touch.channel)).integer("try_no", touch.try_no);
    inner.text("purpose", kit::view(touch.purpose)).text("locale", kit::view(touch.locale));
    if (touch.address.len > 0) inner.text("to", kit::view(touch.address));
    if (touch.parts_count > 0) inner.raw("parts", parts_json(touch));
    inner.raw("data", data.empty() ? "{}" : data);
    kit::Object event;
    event.text("specversion", "1.0").text("id", kit::view(touch.key_text));
    event.text("source", source_).text("type", kit::text(json.root(), "type", type_));
    if (touch.customer.len > 0) event.text("subject", kit::view(touch.customer));
    event.text("time", kit::format_instant(touch.intended_at));
    event.text("datacontenttype", "application/json").raw("data", inner.close());
    return event.close();
  }

  // With the current secret and the one before, so that a receiver may change over at leisure.
  std::string sign(const std::string& text) const {
    std::string all;
    for (uint32_t version = 0; version < kit::kSecretVersions; ++version) {
      const std::string code = kit::hmac(host_, RL_SHA256, secret_, version, text);
      if (!code.empty()) all += (all.empty() ? "v1," : " v1,") + kit::base64(code);
    }
    return all;
  }

  const rl_host* host_;
  std::string url_, secret_, bearer_, source_, type_;
  uint32_t timeout_ms_ = 0;
};

constexpr rl_word kOutcomes[] = {kit::word("delivered"), kit::word("failed")};
constexpr rl_channel_caps kCaps = kit::caps({.kind = "webhook",
                                             .delivery = RL_REPEATABLE,
                                             .max_in_flight = kMostInFlight,
                                             .words = kit::kPointers<kOutcomes>});
constexpr rl_channel kChannel = kit::channel<Hook>(&kCaps);
constexpr kit::Interface kInterfaces[] = {{RL_CHANNEL, &kChannel}};

constexpr rl_plugin kPlugin = kit::plugin<Hook>({.id = "relance.webhook",
                                                 .title = "Posts signed CloudEvents to any URL",
                                                 .config_schema = kSchema,
                                                 .check_config = kit::check<problems_of>,
                                                 .find = kit::find<kInterfaces>});

}  // namespace
}  // namespace webhook

RL_PLUGIN(webhook::kPlugin)
