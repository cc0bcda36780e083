// relance.voice.twilio: the tables of the contract; what they do is in voice.h.
#include <array>
#include <cstring>

#include "kit/instance.h"
#include "voice.h"

namespace twilio {
namespace {

Voice& self_of(void* self) { return *static_cast<Voice*>(self); }

constexpr rl_word word(const char* name) { return {sizeof(rl_word), 0, name, name}; }
constexpr rl_word kDelivered = word("delivered"), kNoAnswer = word("no_answer"),
                  kBusy = word("busy"), kVoicemail = word("voicemail"), kHungUp = word("hung_up"),
                  kScreened = word("screened"), kInvalid = word("invalid_number"),
                  kOptedOut = word("opted_out"), kFailed = word("failed");
constexpr rl_word kBlocked = {sizeof(rl_word), 0, "blocked", "failed"};
constexpr const rl_word* kWords[] = {&kDelivered, &kNoAnswer, &kBusy,     &kVoicemail, &kHungUp,
                                     &kScreened,  &kInvalid,  &kOptedOut, &kFailed,    &kBlocked};

constexpr auto kLanguageNames = [] {
  std::array<const char*, std::size(kLanguages)> names{};
  for (size_t i = 0; i < names.size(); ++i) names[i] = kLanguages[i].name;
  return names;
}();

const rl_channel_caps kCaps = {
    .struct_size = sizeof(rl_channel_caps),
    .flags = RL_CONTACT | RL_CAN_LOOKUP | RL_CAN_CANCEL | RL_CAN_CONVERSE,
    .kind = "voice",
    .delivery = RL_LOOKUP,
    .max_in_flight = 2000,
    .key_window_ms = 0,
    .index_lag_ms = 10'000,
    .receipt_within_ms = 0,
    .words = kWords,
    .words_count = std::size(kWords),
    .content_types = nullptr,
    .content_types_count = 0,
    .languages = kLanguageNames.data(),
    .languages_count = kLanguageNames.size()};

const rl_channel kChannel = {
    .struct_size = sizeof(rl_channel),
    .reserved = 0,
    .caps = &kCaps,
    .caps_for = nullptr,
    .estimate = [](void* self, const rl_touch* touch,
                   rl_cost* cost) { self_of(self).estimate(*touch, *cost); },
    .send = [](void* self, rl_op op, const rl_touch* touch) { self_of(self).send(op, *touch); },
    .cancel = [](void* self, rl_op op) { self_of(self).cancel(op); },
    .lookup = [](void* self, rl_op op, const rl_touch* touch, const rl_str* refs,
                 size_t count) { self_of(self).lookup(op, *touch, refs, count); },
    .recall = nullptr};

const rl_conversation kConversation = {
    .struct_size = sizeof(rl_conversation),
    .flags = RL_HEARS_SPEECH | RL_HEARS_KEYS | RL_TRANSFERS,
    .perform = [](void* self, rl_op op, const rl_do* what) { self_of(self).perform(op, *what); }};

const rl_inbound kInbound = {.struct_size = sizeof(rl_inbound),
                             .reserved = 0,
                             .on_request = [](void* self, rl_op op, const rl_request* request) {
                               self_of(self).on_request(op, *request);
                             }};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false,
  "required": ["account_sid", "auth_token", "from"],
  "definitions": {
    "texts": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}},
  "properties": {
    "account_sid": {"type": "string", "pattern": "^[A-Za-z0-9]+$"},
    "auth_token": {"type": "string", "format": "secret"},
    "api_key_sid": {"type": "string", "pattern": "^[A-Za-z0-9]+$"},
    "api_key_secret": {"type": "string", "format": "secret"},
    "api_url": {"type": "string", "pattern": "^https?://[^/]+$"},
    "from": {"type": "string", "pattern": "^\\+[0-9]+$"},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "prices": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
    "machine_detection": {"type": "string", "enum": ["message_end", "start", "off"]},
    "ring_s": {"type": "integer", "minimum": 1, "maximum": 600, "default": 25},
    "time_limit_s": {"type": "integer", "minimum": 10, "maximum": 3600, "default": 900},
    "transfer_ring_s": {"type": "integer", "minimum": 5, "maximum": 600, "default": 20},
    "answer_within_ms": {"type": "integer", "minimum": 50, "maximum": 8000, "default": 2000},
    "watch_s": {"type": "integer", "minimum": 1, "maximum": 600, "default": 60},
    "digits": {"type": "integer", "minimum": 0, "maximum": 20, "default": 1},
    "speech": {"type": "boolean", "default": true},
    "record": {"type": "boolean", "default": false},
    "voices": {"$ref": "#/definitions/texts"},
    "voicemail": {"$ref": "#/definitions/texts"},
    "one_moment": {"$ref": "#/definitions/texts"},
    "transfers": {"type": "object", "additionalProperties": {
      "type": "string", "pattern": "^\\+[0-9]+$"}}}})";

void check_config(rl_str config, const rl_out* problems) {
  const kit::Json json(kit::view(config));
  const bool user = kit::member(json.root(), "api_key_sid") != nullptr;
  const bool secret = kit::member(json.root(), "api_key_secret") != nullptr;
  if (user != secret) kit::put(problems, "an API key has a sid and a secret\n");
}

const void* get_interface(const char* id) {
  if (std::strcmp(id, RL_CHANNEL) == 0) return &kChannel;
  if (std::strcmp(id, RL_CONVERSATION) == 0) return &kConversation;
  if (std::strcmp(id, RL_INBOUND) == 0) return &kInbound;
  return nullptr;
}

const rl_plugin kPlugin = {
    .struct_size = sizeof(rl_plugin),
    .abi = RL_ABI,
    .flags = 0,
    .reserved = 0,
    .id = "relance.voice.twilio",
    .version = "0.1.0",
    .title = "Calls over Twilio's API",
    .config_schema = kSchema,
    .check_config = check_config,
    .create = kit::create<Voice>,
    .start = nullptr,
    .destroy = kit::destroy<Voice>,
    .on_io = [](void* self, rl_op op, uint64_t tag,
                const rl_reply* reply) { self_of(self).on_io(op, tag, *reply); },
    .on_timer = [](void* self, uint64_t tag) { self_of(self).on_timer(tag); },
    .get_interface = get_interface};

}  // namespace
}  // namespace twilio

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  return host_abi >> 16 == RL_ABI_MAJOR ? &twilio::kPlugin : nullptr;
}
