// relance.voice.twilio: the tables of the contract; what they do is in voice.h.
#include "kit/plugin.h"
#include "voice.h"

namespace twilio {
namespace {

constexpr rl_word kOutcomes[] = {kit::word("delivered"), kit::word("no_answer"),
                                 kit::word("busy"),      kit::word("voicemail"),
                                 kit::word("hung_up"),   kit::word("screened"),
                                 kit::word("failed"),    kit::word("invalid_number"),
                                 kit::word("opted_out"), kit::word("blocked", "failed")};

constexpr auto kLanguageNames = [] {
  std::array<const char*, std::size(kLanguages)> names{};
  for (size_t i = 0; i < names.size(); ++i) names[i] = kLanguages[i].name;
  return names;
}();

constexpr rl_channel_caps kCaps =
    kit::caps({.kind = "voice",
               .flags = RL_CONTACT | RL_CAN_LOOKUP | RL_CAN_CANCEL | RL_CAN_CONVERSE,
               .delivery = RL_LOOKUP,
               .max_in_flight = 2000,
               .index_lag_ms = 10'000,
               .words = kit::kPointers<kOutcomes>,
               .languages = kLanguageNames});
constexpr rl_channel kChannel = kit::channel<Voice>(&kCaps);
constexpr rl_conversation kConversation =
    kit::conversation<Voice>(RL_HEARS_SPEECH | RL_HEARS_KEYS | RL_TRANSFERS);
constexpr rl_inbound kInbound = kit::inbound<Voice>();
constexpr kit::Interface kInterfaces[] = {
    {RL_CHANNEL, &kChannel}, {RL_CONVERSATION, &kConversation}, {RL_INBOUND, &kInbound}};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false,
  "required": ["account_sid", "auth_token", "from"],
  "definitions": {
    "texts": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}},
  "properties": {)" TWILIO_ACCOUNT_PROPERTIES "," KIT_PRICE_PROPERTIES R"(,
    "from": {"type": "string", "pattern": "^\\+[0-9]+$"},
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
  check_account(json.root(), problems);
}

constexpr rl_plugin kPlugin = kit::plugin<Voice>({.id = "relance.voice.twilio",
                                                  .title = "Calls over Twilio's API",
                                                  .config_schema = kSchema,
                                                  .check_config = check_config,
                                                  .find = kit::find<kInterfaces>});

}  // namespace
}  // namespace twilio

RL_PLUGIN(twilio::kPlugin)
