// @ID@: a system of record over HTTP.
//
//   GET  url/customers/ID   200 {"email": "...", "first_name": "..."}, 404
//   POST url/OPERATION      the data as JSON            Idempotency-Key: the write's key
//
// Without `url` it knows one customer, Ann, under every id, and what is written is a line in the
// log: so it can be tried before there is a system.
#include <relance/plugin.hpp>

namespace {

enum Tag : uint64_t { kRead = 1, kWrite = 2 };

constexpr const char* kAnn = R"({"email": "ann@example.com", "phone": "+33639980001",
  "first_name": "Ann", "locale": "en", "timezone": "Europe/Paris"})";

// An instance is one account. The host has checked the configuration by our schema.
class Crm {
 public:
  Crm(rl::Host host, std::string_view config)
      : host_(host), url_(rl::text(config, "url")), token_(rl::text(config, "token")) {}

  // Asks the host for the request and returns; on_io hears how it went.
  void read(rl::Operation op, const rl_read& read) {
    if (read.by.len > 0 || rl::view(read.what) != "customer")
      return op.complete({.status = RL_ABSENT, .reason = "no_such_object"});
    if (url_.empty()) return op.complete({.data = kAnn});
    rl::Request request;
    request.url = url_ + "/customers/" + rl::url_quoted(rl::view(read.value));
    request.secret = token_;  // the secret's name: the host writes the header
    op.request(kRead, request);
  }

  void write(rl::Operation op, const rl_write& write) {
    if (url_.empty()) {
      host_.log(RL_LOG_WARNING, "no `url`: nothing was written");
      return op.complete({.reason = "dry_run"});
    }
    rl::Request request;
    request.method = "POST";
    request.url = url_ + "/" + rl::url_quoted(rl::view(write.operation));
    request.headers = {{"Content-Type", "application/json"},
                       {"Idempotency-Key", std::string(rl::view(write.key_text))}};
    request.body = rl::view(write.data);
    request.secret = token_;
    request.effect = true;  // this request acts
    op.request(kWrite, request);
  }

  void on_io(rl::Operation op, uint64_t tag, const rl_reply& reply) {
    const bool accepted = reply.status >= 200 && reply.status < 300;
    if (reply.wire == RL_NOT_SENT) return op.complete({.status = RL_NOT_NOW});
    if (reply.status == 429)
      return op.complete({.status = RL_NOT_NOW,
                          .again_at = host_.again_at(reply),
                          .again_scope = RL_SCOPE_CHANNEL});
    if (tag == kWrite) {
      const bool refused = reply.status >= 400 && reply.status < 500;
      if (accepted) return op.complete({});
      return op.complete(
          {.status = uint32_t{refused ? RL_REFUSED : RL_UNKNOWN}, .reason = "not_accepted"});
    }
    if (accepted && rl_json_is_object(reply.body))
      return op.complete({.data = std::string(rl::view(reply.body))});
    if (reply.status == 404) return op.complete({.status = RL_ABSENT, .reason = "no_record"});
    op.complete({.status = RL_NOT_NOW});  // a read changes nothing: it may be asked again
  }

  static const void* table(std::string_view id);

 private:
  rl::Host host_;
  std::string url_, token_;
};

// What this system can do, readable without an instance.
constexpr const char* kObjects[] = {"customer"};
constexpr rl_operation kAny = {
    .struct_size = sizeof(rl_operation),
    .delivery = RL_KEYED,  // the system honours our key: be honest here
    .name = "*",
    .undo = nullptr,
    .flags = 0,
    .reserved = 0,
    .key_window_ms = 24 * 3600 * 1000,
    .index_lag_ms = 0,
};
constexpr const rl_operation* kOperations[] = {&kAny};
constexpr rl_connector_caps kCaps = {
    .struct_size = sizeof(rl_connector_caps),
    .acts_outside = 1,
    .kind = "crm",
    .objects = kObjects,
    .objects_count = std::size(kObjects),
    .operations = kOperations,
    .operations_count = std::size(kOperations),
};
constexpr rl_connector kConnector = rl::connector<Crm>(kCaps);

const void* Crm::table(std::string_view id) { return id == RL_CONNECTOR ? &kConnector : nullptr; }

constexpr const char* kSchema = R"({
  "type": "object", "additionalProperties": false,
  "properties": {"url": {"type": "string", "maxLength": 500},
                 "token": {"type": "string", "format": "secret"}}})";

constexpr rl_plugin kPlugin = rl::descriptor<Crm>(
    {.id = "@ID@", .version = "0.1.0", .title = "Customers over HTTP", .config_schema = kSchema});

}  // namespace

RL_PLUGIN(kPlugin)
