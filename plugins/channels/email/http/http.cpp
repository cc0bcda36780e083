// relance.email.http: mail over a provider's HTTP API that honours an idempotency key.
#include <set>

#include "channels/email/shared/abilities.h"
#include "channels/email/shared/mailbox.h"
#include "kit/form.h"
#include "kit/plugin.h"
#include "provider.h"

namespace email {
namespace {

constexpr int64_t kHourMs = 3600 * 1000;
enum Tag : uint64_t { kSend = 1, kLookUp = 2 };

Abilities abilities_of(std::string_view config) {
  const kit::Json json(config);
  Abilities abilities;
  abilities.delivery = RL_KEYED;
  abilities.key_window_ms = kit::integer(json.root(), "key_window_h", 24) * kHourMs;
  abilities.look_up = !kit::text(json.root(), "lookup_url").empty();
  abilities.index_lag_ms = kit::integer(json.root(), "index_lag_s") * 1000;
  return abilities;
}

class Http {
 public:
  Http(const rl_host* host, std::string_view config) : Http(host, kit::Json(config).root()) {}

  void send(rl_op op, const rl_touch& touch) {
    const Letter letter = letter_of(host_, sender_, touch);
    if (!can_send(host_, op, letter)) return;
    const std::string body = body_of(sender_, letter);
    const rl_header headers[] = {{kit::str("Content-Type"), kit::str("application/json")},
                                 {kit::str(key_header_), touch.key_text}};
    rl_http request = request_to(url_);
    request.flags = RL_EFFECT;
    request.method = kit::str("POST");
    request.headers = headers;
    request.headers_count = std::size(headers);
    request.body = kit::str(body);
    begin(op, kSend, request);
  }

  void lookup(rl_op op, const rl_touch& touch) {
    std::string url = lookup_url_;
    const std::string key = kit::percent_encode(kit::view(touch.key_text));
    if (const size_t at = url.find("{key}"); at != std::string::npos) url.replace(at, 5, key);
    rl_http request = request_to(url);
    request.method = kit::str("GET");
    begin(op, kLookUp, request);
  }

  void cancel(rl_op op) {
    if (!open_.contains(op)) return;
    cancelled_.insert(op);
    host_->abort_io(host_, op);
  }

  void on_io(rl_op op, uint64_t tag, const rl_reply& reply) {
    if (open_.erase(op) == 0) return;  // answered before
    const bool cancelled = cancelled_.erase(op) > 0;
    const int64_t now = host_->now(host_);
    Ending ending = tag == kSend ? ending_of_send(reply, now, id_field_)
                                 : ending_of_look_up(reply, now, id_field_);
    if (cancelled && reply.wire == RL_NOT_SENT) ending = {RL_CANCELLED, {}, "cancelled", {}};
    complete(host_, op, ending);
  }

  void on_request(rl_op op, const rl_request& request) const { mailbox_.on_request(op, request); }

 private:
  Http(const rl_host* host, const kit::Value* config)
      : host_(host),
        sender_(config),
        mailbox_(host, std::string(kit::text(config, "mailbox_secret"))),
        url_(kit::text(config, "url")),
        lookup_url_(kit::text(config, "lookup_url")),
        id_field_(kit::text(config, "id_field", "id")),
        key_header_(kit::text(config, "key_header", "Idempotency-Key")),
        secret_(kit::text(config, "secret")),
        auth_header_(kit::text(config, "auth_header")),
        timeout_ms_(static_cast<uint32_t>(kit::integer(config, "timeout_s", 30) * 1000)) {}

  rl_http request_to(const std::string& url) const {
    rl_http request{};
    request.struct_size = sizeof request;
    request.url = kit::str(url);
    request.secret = kit::str(secret_);
    request.auth = auth_header_.empty() ? RL_AUTH_BEARER : RL_AUTH_HEADER;
    request.auth_name = kit::str(auth_header_);
    request.timeout_ms = timeout_ms_;
    return request;
  }

  void begin(rl_op op, Tag tag, const rl_http& request) {
    open_.insert(op);
    const int32_t begun = host_->http(host_, op, tag, &request);
    if (begun == RL_OK) return;
    open_.erase(op);
    not_begun(host_, op, begun);
  }

  const rl_host* host_;
  Sender sender_;
  Mailbox mailbox_;
  std::string url_, lookup_url_, id_field_, key_header_, secret_, auth_header_;
  uint32_t timeout_ms_;
  std::set<rl_op> open_, cancelled_;
};

void check_config(rl_str config, const rl_out* problems) {
  const kit::Json json(kit::view(config));
  check_sender(json.root(), problems);
  const std::string_view look_up = kit::text(json.root(), "lookup_url");
  if (!look_up.empty() && look_up.find("{key}") == std::string_view::npos)
    kit::put(problems, "'lookup_url' has no {key}\n");
}

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false, "required": ["url", "secret", "from"],
  "properties": {
    "url": {"type": "string", "pattern": "^https?://"},
    "secret": {"type": "string", "format": "secret"}, "auth_header": {"type": "string"},
    "key_header": {"type": "string", "default": "Idempotency-Key"},
    "key_window_h": {"type": "integer", "minimum": 1, "default": 24},
    "id_field": {"type": "string", "default": "id"},
    "lookup_url": {"type": "string", "pattern": "^https?://"},
    "index_lag_s": {"type": "integer", "minimum": 0},
    "timeout_s": {"type": "integer", "minimum": 1, "maximum": 110, "default": 30},
    )" EMAIL_SENDER_PROPERTIES "}}";

constexpr rl_plugin kPlugin =
    kit::plugin<Http>({.id = "relance.email.http",
                       .title = "E-mail over a provider's HTTP API with an idempotency key",
                       .config_schema = kSchema,
                       .check_config = check_config,
                       .find = find<Http, abilities_of>});

}  // namespace
}  // namespace email

RL_PLUGIN(email::kPlugin)
