// One mistake for each of the other rules; the configuration says which: {"mistake": "no_mark"}.
#include <fcntl.h>
#include <relance/conversation.h>
#include <relance/policy.h>

#include "conformance/broken/broken.h"
#include "kit/json.h"

namespace {

class ManyMistakes final : public broken::Channel {
 public:
  ManyMistakes(const rl_host* host, std::string_view config) : Channel(host) {
    const kit::Json json(config);
    mistake_ = kit::text(json.root(), "mistake");
    if (makes("file_left")) static_cast<void>(open("/dev/null", O_RDONLY));
  }

  void start(rl_op op) {
    kit::complete(host_, op,
                  {.status = makes("no_start") ? uint32_t{RL_FAILED} : uint32_t{RL_DONE}});
  }
  void send(rl_op op, const rl_touch& touch) override {
    if (makes("no_mark")) return send_unmarked(op, touch);
    const std::string now = std::to_string(host_->now(host_));
    const rl_header headers[] = {{kit::str("idempotency-key"), touch.key_text},
                                 {kit::str("x-sent-at"), kit::str(now)}};
    request(op, touch, headers, makes("clock_in_request") ? 2 : 1);
  }
  void on_io(rl_op op, const rl_reply& reply) override {
    if (makes("invented_answer") && reply.wire != RL_ANSWERED)
      return kit::complete(host_, op, {.status = RL_DONE, .word = "delivered"});
    if (makes("unknown_status") && reply.status == 404)
      return kit::complete(host_, op, {.status = 17});
    if (makes("undeclared_word") && reply.status == 404)
      return kit::complete(host_, op, {.status = RL_REFUSED, .word = "vanished"});
    Channel::on_io(op, reply);
  }
  void on_request(rl_op op, const rl_request& request) override {
    const bool bare = request.headers_count <= 1;  // its content type
    if (makes("unsigned_accepted") && bare) return answer(op, 200);
    Channel::on_request(op, request);
  }
  void estimate(const rl_touch& touch, rl_cost& cost) {
    const bool whole = touch.address.len > 0;
    if (makes("cost_of_the_hour")) host_->now(host_);
    cost = {makes("low_bound") && whole ? 9000 : 5000, "EUR", RL_COST_AT_MOST};
  }
  void perform(rl_op op) {
    if (!makes("open_turn")) kit::complete(host_, op, {.status = RL_FAILED, .reason = "no_call"});
  }
  void decide(const rl_out* answer) const {
    kit::put(answer, makes("undeclared_reason") ? R"({"at":"now","reason":"whim"})"
                                                : R"({"at":"now","reason":"spaced"})");
  }

 private:
  bool makes(std::string_view mistake) const { return mistake_ == mistake; }

  void send_unmarked(rl_op op, const rl_touch& touch) {
    sent_.emplace(kit::view(touch.key_text));
    rl_http http{};
    http.struct_size = sizeof http;
    http.method = kit::str("POST");
    http.url = kit::str("https://provider.example/v1/messages");
    if (host_->http(host_, op, 0, &http) != RL_OK)
      kit::complete(host_, op, {.status = RL_NOT_NOW, .reason = "busy"});
  }

  std::string mistake_;
};

ManyMistakes& self_of(void* self) { return *static_cast<ManyMistakes*>(self); }

rl_channel_caps without_window() {
  rl_channel_caps made = broken::caps();
  made.flags |= RL_CAN_CONVERSE;
  made.key_window_ms = 0;
  return made;
}
rl_channel_caps with_talk() {
  rl_channel_caps made = broken::caps();
  made.flags |= RL_CAN_CONVERSE;
  return made;
}
const rl_channel_caps kCaps = with_talk(), kNoWindow = without_window();

const rl_channel_caps* caps_for(rl_str config) {
  const kit::Json json(kit::view(config));
  return kit::text(json.root(), "mistake") == "no_window" ? &kNoWindow : &kCaps;
}

const rl_channel kChannel = {
    .struct_size = sizeof(rl_channel),
    .reserved = 0,
    .caps = &kCaps,
    .caps_for = caps_for,
    .estimate = [](void* self, const rl_touch* touch,
                   rl_cost* cost) { self_of(self).estimate(*touch, *cost); },
    .send = [](void* self, rl_op op, const rl_touch* touch) { self_of(self).send(op, *touch); },
    .cancel = nullptr,
    .lookup = [](void* self, rl_op op, const rl_touch* touch, const rl_str*,
                 size_t) { self_of(self).lookup(op, *touch); },
    .recall = nullptr};
const rl_inbound kInbound = {.struct_size = sizeof(rl_inbound),
                             .reserved = 0,
                             .on_request = [](void* self, rl_op op, const rl_request* request) {
                               self_of(self).on_request(op, *request);
                             }};
const rl_conversation kConversation = {
    .struct_size = sizeof(rl_conversation),
    .flags = RL_HEARS_KEYS,
    .perform = [](void* self, rl_op op, const rl_do*) { self_of(self).perform(op); }};
const char* const kReasons[] = {"spaced"};
const rl_policy kPolicy = {.struct_size = sizeof(rl_policy),
                           .kinds = RL_AT,
                           .reasons = kReasons,
                           .reasons_count = 1,
                           .decide = [](void* self, const rl_policy_in*, const rl_out* answer) {
                             self_of(self).decide(answer);
                           }};

const void* get_interface(const char* id) {
  if (std::strcmp(id, RL_CHANNEL) == 0) return &kChannel;
  if (std::strcmp(id, RL_INBOUND) == 0) return &kInbound;
  if (std::strcmp(id, RL_CONVERSATION) == 0) return &kConversation;
  return std::strcmp(id, RL_POLICY) == 0 ? &kPolicy : nullptr;
}

rl_plugin describe() {
  rl_plugin made{};
  made.struct_size = sizeof made;
  made.abi = RL_ABI;
  made.id = "broken.many_mistakes";
  made.version = "1.0.0";
  made.title = "Broken where its configuration says";
  made.config_schema = R"({"type":"object","additionalProperties":false,
                           "properties":{"mistake":{"type":"string"}}})";
  made.create = [](const rl_host* host, rl_str config, const rl_out*) -> void* {
    return new ManyMistakes(host, kit::view(config));
  };
  made.start = [](void* self, rl_op op) { self_of(self).start(op); };
  made.destroy = [](void* self) { delete &self_of(self); };
  made.on_io = [](void* self, rl_op op, uint64_t, const rl_reply* reply) {
    self_of(self).on_io(op, *reply);
  };
  made.get_interface = get_interface;
  return made;
}

}  // namespace

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  static const rl_plugin plugin = describe();
  return host_abi >> 16 == RL_ABI_MAJOR ? &plugin : nullptr;
}
