// relance.sms.twilio: the tables of the contract; what they do is in sms.h.
#include <cstring>

#include "kit/instance.h"
#include "sms.h"

namespace twilio {
namespace {

Sms& self_of(void* self) { return *static_cast<Sms*>(self); }

constexpr rl_word word(const char* name, const char* as) { return {sizeof(rl_word), 0, name, as}; }
constexpr rl_word kDelivered = word("delivered", "delivered"), kFailed = word("failed", "failed"),
                  kOptedOut = word("opted_out", "opted_out"),
                  kInvalid = word("invalid_number", "bounced"),
                  kBlocked = word("blocked", "bounced"), kBounced = word("bounced", "bounced");
constexpr const rl_word* kWords[] = {&kDelivered, &kFailed,  &kOptedOut,
                                     &kInvalid,   &kBlocked, &kBounced};

const rl_channel_caps kCaps = {.struct_size = sizeof(rl_channel_caps),
                               .flags = RL_CONTACT | RL_CAN_LOOKUP,
                               .kind = "sms",
                               .delivery = RL_LOOKUP,
                               .max_in_flight = 64,
                               .key_window_ms = 0,
                               .index_lag_ms = 10'000,
                               .receipt_within_ms = 24 * 3600 * 1000,
                               .words = kWords,
                               .words_count = std::size(kWords),
                               .content_types = nullptr,
                               .content_types_count = 0,
                               .languages = nullptr,
                               .languages_count = 0};

const rl_channel kChannel = {
    .struct_size = sizeof(rl_channel),
    .reserved = 0,
    .caps = &kCaps,
    .caps_for = nullptr,
    .estimate = [](void* self, const rl_touch* touch,
                   rl_cost* cost) { self_of(self).estimate(*touch, *cost); },
    .send = [](void* self, rl_op op, const rl_touch* touch) { self_of(self).send(op, *touch); },
    .cancel = nullptr,
    .lookup = [](void* self, rl_op op, const rl_touch* touch, const rl_str* refs,
                 size_t count) { self_of(self).lookup(op, *touch, refs, count); },
    .recall = nullptr};

const rl_inbound kInbound = {.struct_size = sizeof(rl_inbound),
                             .reserved = 0,
                             .on_request = [](void* self, rl_op op, const rl_request* request) {
                               self_of(self).on_request(op, *request);
                             }};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false,
  "required": ["account_sid", "auth_token"],
  "properties": {
    "account_sid": {"type": "string", "pattern": "^[A-Za-z0-9]+$"},
    "auth_token": {"type": "string", "format": "secret"},
    "api_key_sid": {"type": "string", "pattern": "^[A-Za-z0-9]+$"},
    "api_key_secret": {"type": "string", "format": "secret"},
    "api_url": {"type": "string", "pattern": "^https?://[^/]+$"},
    "from": {"type": "string", "minLength": 1},
    "messaging_service": {"type": "string", "pattern": "^MG[A-Za-z0-9]+$"},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "prices": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
    "most_segments": {"type": "integer", "minimum": 1, "maximum": 24, "default": 6},
    "simplify": {"type": "boolean", "default": false}}})";

void check_config(rl_str config, const rl_out* problems) {
  const kit::Json json(kit::view(config));
  const bool from = kit::member(json.root(), "from") != nullptr;
  const bool service = kit::member(json.root(), "messaging_service") != nullptr;
  if (!from && !service) kit::put(problems, "it wants 'from' or 'messaging_service'\n");
  const bool user = kit::member(json.root(), "api_key_sid") != nullptr;
  const bool secret = kit::member(json.root(), "api_key_secret") != nullptr;
  if (user != secret) kit::put(problems, "an API key has a sid and a secret\n");
}

const void* get_interface(const char* id) {
  if (std::strcmp(id, RL_CHANNEL) == 0) return &kChannel;
  if (std::strcmp(id, RL_INBOUND) == 0) return &kInbound;
  return nullptr;
}

const rl_plugin kPlugin = {
    .struct_size = sizeof(rl_plugin),
    .abi = RL_ABI,
    .flags = 0,
    .reserved = 0,
    .id = "relance.sms.twilio",
    .version = "0.1.0",
    .title = "Text messages over Twilio's API",
    .config_schema = kSchema,
    .check_config = check_config,
    .create = kit::create<Sms>,
    .start = nullptr,
    .destroy = kit::destroy<Sms>,
    .on_io = [](void* self, rl_op op, uint64_t tag,
                const rl_reply* reply) { self_of(self).on_io(op, tag, *reply); },
    .on_timer = nullptr,
    .get_interface = get_interface};

}  // namespace
}  // namespace twilio

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  return host_abi >> 16 == RL_ABI_MAJOR ? &twilio::kPlugin : nullptr;
}
