// relance.sms.twilio: the tables of the contract; what they do is in sms.h.
#include "kit/plugin.h"
#include "sms.h"

namespace twilio {
namespace {

constexpr rl_word kOutcomes[] = {
    kit::word("delivered"),          kit::word("failed"),
    kit::word("opted_out"),          kit::word("invalid_number", "bounced"),
    kit::word("blocked", "bounced"), kit::word("bounced")};

constexpr rl_channel_caps kCaps = kit::caps({.kind = "sms",
                                             .flags = RL_CONTACT | RL_CAN_LOOKUP,
                                             .delivery = RL_LOOKUP,
                                             .max_in_flight = 64,
                                             .index_lag_ms = 10'000,
                                             .receipt_within_ms = 24 * 3600 * 1000,
                                             .words = kit::kPointers<kOutcomes>});
constexpr rl_channel kChannel = kit::channel<Sms>(&kCaps);
constexpr rl_inbound kInbound = kit::inbound<Sms>();
constexpr kit::Interface kInterfaces[] = {{RL_CHANNEL, &kChannel}, {RL_INBOUND, &kInbound}};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false,
  "required": ["account_sid", "auth_token"],
  "properties": {)" TWILIO_ACCOUNT_PROPERTIES "," KIT_PRICE_PROPERTIES R"(,
    "from": {"type": "string", "minLength": 1},
    "messaging_service": {"type": "string", "pattern": "^MG[A-Za-z0-9]+$"},
    "most_segments": {"type": "integer", "minimum": 1, "maximum": 24, "default": 6},
    "simplify": {"type": "boolean", "default": false}}})";

void check_config(rl_str config, const rl_out* problems) {
  const kit::Json json(kit::view(config));
  const bool from = kit::member(json.root(), "from") != nullptr;
  const bool service = kit::member(json.root(), "messaging_service") != nullptr;
  if (!from && !service) kit::put(problems, "it wants 'from' or 'messaging_service'\n");
  check_account(json.root(), problems);
}

constexpr rl_plugin kPlugin = kit::plugin<Sms>({.id = "relance.sms.twilio",
                                                .title = "Text messages over Twilio's API",
                                                .config_schema = kSchema,
                                                .check_config = check_config,
                                                .find = kit::find<kInterfaces>});

}  // namespace
}  // namespace twilio

RL_PLUGIN(twilio::kPlugin)
