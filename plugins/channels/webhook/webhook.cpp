// relance.webhook: posts each touch as a signed CloudEvent. Doing it twice is harmless: receivers
// know a repeat by its id. A desk that is offered an item of a human queue says what becomes of it
// by posting back, signed in the same way.
#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>
#include <vector>

#include "kit/complete.h"
#include "kit/digest.h"
#include "kit/http.h"
#include "kit/inbound.h"
#include "kit/json.h"
#include "kit/key.h"
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
constexpr int64_t kOldestSeconds = 300;  // of a request that comes in, as Standard Webhooks says

// What a desk may say of an item.
constexpr std::string_view kSaid[] = {"handoff.accepted", "handoff.declined", "handoff.completed",
                                      "handoff.returned"};

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

  void on_request(rl_op op, const rl_request& request) const {
    const auto answer = [&](int status, std::string_view text) {
      kit::answer(host_, op, status, text);
    };
    if (kit::view(request.method) != "POST") return answer(405, "answers are sent with POST\n");
    if (!is_genuine(request)) return answer(401, "the signature is wrong, or too old\n");
    const kit::Json json(kit::view(request.body));
    const std::string_view type = kit::text(json.root(), "type");
    if (std::find(std::begin(kSaid), std::end(kSaid), type) == std::end(kSaid))
      return answer(422, "type must be handoff.accepted, declined, completed or returned\n");
    const rl_key about =
        kit::is_key(request.key) ? request.key : kit::parse_key(kit::text(json.root(), "about"));
    if (!kit::is_key(about)) return answer(404, "it names no item\n");
    const std::string fields = told_in(kit::member(json.root(), "data"));
    rl_event event{};
    event.struct_size = sizeof event;
    event.kind = RL_EVENT_ACTION;
    event.id = kit::str(kit::header(request, "webhook-id"));
    event.key = about;
    event.type = kit::str(type);
    event.data = kit::str(fields);
    host_->emit(host_, op, &event);
    answer(202, "taken\n");
  }

 private:
  static std::string told_in(const kit::Value* said) {
    kit::Object fields;
    fields.text("by", kit::text(said, "by")).text("outcome", kit::text(said, "outcome"));
    if (const kit::Value* data = kit::member(said, "data"); data != nullptr && data->IsObject())
      fields.value("data", *data);
    return fields.close();
  }

  bool is_genuine(const rl_request& request) const {
    const std::string_view id = kit::header(request, "webhook-id");
    const std::string_view time = kit::header(request, "webhook-timestamp");
    int64_t seconds = 0;
    const auto read = std::from_chars(time.data(), time.data() + time.size(), seconds);
    const int64_t age = host_->now(host_) / 1000 - seconds;
    if (id.empty() || read.ec != std::errc() || read.ptr != time.data() + time.size()) return false;
    if (age > kOldestSeconds || age < -kOldestSeconds) return false;
    const std::string text =
        std::string(id) + "." + std::string(time) + "." + std::string(kit::view(request.body));
    const std::string_view given = kit::header(request, "webhook-signature");
    for (uint32_t version = 0; version < kit::kSecretVersions; ++version)
      if (is_among(signature(version, text), given)) return true;
    return false;
  }

  // Of the header's list, each one compared in a time that tells nothing.
  static bool is_among(const std::string& wanted, std::string_view list) {
    bool found = false;
    while (!list.empty()) {
      const size_t end = std::min(list.find(' '), list.size());
      found |= kit::same(wanted, list.substr(0, end));
      list.remove_prefix(std::min(end + 1, list.size()));
    }
    return found;
  }

  std::string signature(uint32_t version, const std::string& text) const {
    const std::string code = kit::hmac(host_, RL_SHA256, secret_, version, text);
    return code.empty() ? "" : "v1," + kit::base64(code);
  }

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
    const bool offered = !kit::text(json.root(), "item").empty();
    if (offered && touch.callback_url.len > 0)
      inner.text("answer_to", kit::view(touch.callback_url));
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
      const std::string one = signature(version, text);
      if (!one.empty()) all += (all.empty() ? "" : " ") + one;
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
constexpr rl_inbound kInbound = kit::inbound<Hook>();
constexpr kit::Interface kInterfaces[] = {{RL_CHANNEL, &kChannel}, {RL_INBOUND, &kInbound}};

constexpr rl_plugin kPlugin = kit::plugin<Hook>({.id = "relance.webhook",
                                                 .title = "Posts signed CloudEvents to any URL",
                                                 .config_schema = kSchema,
                                                 .check_config = kit::check<problems_of>,
                                                 .find = kit::find<kInterfaces>});

}  // namespace
}  // namespace webhook

RL_PLUGIN(webhook::kPlugin)
