#include "settings.h"

#include "kit/json.h"
#include "kit/plugin.h"

namespace stripe {
namespace {

// Keys are kept for at least 24 hours (Stripe, "Idempotent requests").
constexpr int64_t kKeyWindowMs = 24 * 3600 * 1000;
constexpr uint32_t kMostInFlight = 32;  // an account may make 100 requests a second

constexpr rl_word kOutcomes[] = {kit::word("recovered"), kit::word("declined"),
                                 kit::word("refused"), kit::word("needs_customer"),
                                 kit::word("failed")};

constexpr rl_channel_caps make_caps(uint32_t delivery) {
  return kit::caps({.kind = "retry",
                    .flags = RL_CAN_LOOKUP | RL_CAN_CANCEL | RL_CONTEXT,
                    .delivery = delivery,
                    .max_in_flight = kMostInFlight,
                    .key_window_ms = delivery == RL_KEYED ? kKeyWindowMs : 0,
                    .index_lag_ms = kIndexLagMs,
                    .words = kit::kPointers<kOutcomes>});
}

constexpr rl_channel_caps kKeyed = make_caps(RL_KEYED), kByLookUp = make_caps(RL_LOOKUP);

bool is_http(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

}  // namespace

const char kSchema[] = R"({
  "type": "object", "additionalProperties": false, "required": ["api_key"],
  "properties": {
    "api_key": {"type": "string", "format": "secret", "minLength": 1},
    "base_url": {"type": "string", "default": "https://api.stripe.com"},
    "api_version": {"type": "string", "default": "2026-06-24.dahlia"},
    "class": {"type": "string", "enum": ["keyed", "lookup"], "default": "keyed"},
    "timeout_ms": {"type": "integer", "minimum": 100, "maximum": 90000, "default": 30000},
    "planned_within_hours": {"type": "number", "minimum": 0, "maximum": 48, "default": 4},
    "return_url": {"type": "string", "default": ""},
    "fee_fixed_micro": {"type": "integer", "minimum": 0, "default": 0},
    "fee_bps": {"type": "integer", "minimum": 0, "maximum": 10000, "default": 0},
    "fee_currency": {"type": "string", "pattern": "^[A-Z]{3}$", "default": "EUR"}
  }
})";

Settings read_settings(std::string_view config) {
  const kit::Json json(config);
  const kit::Value* root = json.root();
  Settings settings;
  settings.api_key = kit::text(root, "api_key");
  settings.base_url = kit::text(root, "base_url", "https://api.stripe.com");
  while (settings.base_url.ends_with('/')) settings.base_url.pop_back();
  settings.api_version = kit::text(root, "api_version", "2026-06-24.dahlia");
  settings.return_url = kit::text(root, "return_url");
  settings.timeout_ms = static_cast<uint32_t>(kit::integer(root, "timeout_ms", 30000));
  settings.planned_within_ms =
      static_cast<int64_t>(kit::number(root, "planned_within_hours", 4) * 3600 * 1000);
  settings.fee_fixed_micro = kit::integer(root, "fee_fixed_micro");
  settings.fee_bps = kit::integer(root, "fee_bps");
  settings.fee_currency = kit::text(root, "fee_currency", "EUR");
  return settings;
}

std::string problems_of(std::string_view config) {
  const kit::Json json(config);
  const std::string_view base = kit::text(json.root(), "base_url", "https://api.stripe.com");
  const std::string_view back = kit::text(json.root(), "return_url");
  if (!is_http(base)) return "base_url must begin with https:// or http://";
  if (!back.empty() && !is_http(back)) return "return_url must begin with https:// or http://";
  return {};
}

const rl_channel_caps* caps_of(std::string_view config) {
  const kit::Json json(config);
  return kit::text(json.root(), "class") == "lookup" ? &kByLookUp : &kKeyed;
}

}  // namespace stripe
