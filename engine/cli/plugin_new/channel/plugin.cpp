// @ID@: a channel. Posts each message to a provider:
//
//   POST url  {"to": "+33639980001", "text": "..."}    Idempotency-Key: the touch's key
//   200       {"id": "m-1"}
//
// Without `url` nothing leaves the machine, and a message is a line in the log: so it can be tried
// before there is an account.
#include <relance/plugin.hpp>

namespace {

// An instance is one account. The host has checked the configuration by our schema.
class Account {
 public:
  Account(rl::Host host, std::string_view config)
      : host_(host), url_(rl::text(config, "url")), token_(rl::text(config, "token")) {}

  // Asks the host for the request and returns; on_io hears how it went.
  void send(rl::Operation op, const rl_touch& touch) {
    const std::string key(rl::view(touch.key_text));
    if (url_.empty()) {
      host_.log(RL_LOG_WARNING, "no `url`: nothing left the machine");
      return op.complete({.word = "delivered", .reason = "dry_run", .refs = {key}});
    }
    rl::Request request;
    request.method = "POST";
    request.url = url_;
    request.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", key}};
    request.body = rl::Object()  // the same touch gives the same bytes
                       .text("to", rl::view(touch.address))
                       .text("text", rl::part(touch, "text"))
                       .json();
    request.secret = token_;  // the secret's name: the host writes the header
    request.effect = true;    // this request acts
    op.request(0, request);
  }

  void on_io(rl::Operation op, uint64_t, const rl_reply& reply) {
    if (reply.wire == RL_NOT_SENT) return op.complete({.status = RL_NOT_NOW});
    if (reply.status == 429)
      return op.complete({.status = RL_NOT_NOW,
                          .again_at = host_.again_at(reply),
                          .again_scope = RL_SCOPE_CHANNEL});
    if (reply.status >= 400 && reply.status < 500)
      return op.complete({.status = RL_REFUSED, .reason = "refused"});
    // No id, no proof: a page of HTML with 200 is nobody's promise.
    const std::string id = rl::text(rl::view(reply.body), "id");
    if (reply.status < 200 || reply.status > 299 || id.empty())
      return op.complete({.status = RL_UNKNOWN, .reason = "no_clear_answer"});
    op.complete({.word = "delivered", .refs = {id}});
  }

  static const void* table(std::string_view id);

 private:
  rl::Host host_;
  std::string url_, token_;
};

// What this channel can do, readable without an instance.
constexpr rl_word kDelivered = {sizeof(rl_word), 0, "delivered", "delivered"};
constexpr const rl_word* kWords[] = {&kDelivered};
constexpr rl_channel_caps kCaps = {
    .struct_size = sizeof(rl_channel_caps),
    .flags = RL_CONTACT,   // it reaches a person: consent and contact windows hold
    .kind = "sms",         // which outcome words a flow may use
    .delivery = RL_KEYED,  // the provider honours our key: be honest here
    .max_in_flight = 0,
    .key_window_ms = 24 * 3600 * 1000,
    .index_lag_ms = 0,
    .receipt_within_ms = 0,
    .words = kWords,
    .words_count = std::size(kWords),
    .content_types = nullptr,
    .content_types_count = 0,
    .languages = nullptr,
    .languages_count = 0,
};
constexpr rl_channel kChannel = rl::channel<Account>(kCaps);

const void* Account::table(std::string_view id) { return id == RL_CHANNEL ? &kChannel : nullptr; }

constexpr const char* kSchema = R"({
  "type": "object", "additionalProperties": false,
  "properties": {"url": {"type": "string", "maxLength": 500},
                 "token": {"type": "string", "format": "secret"}}})";

constexpr rl_plugin kPlugin = rl::descriptor<Account>({.id = "@ID@",
                                                       .version = "0.1.0",
                                                       .title = "Sends messages over HTTP",
                                                       .config_schema = kSchema});

}  // namespace

RL_PLUGIN(kPlugin)
