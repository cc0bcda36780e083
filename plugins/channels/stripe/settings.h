// The configuration of one Stripe account, and what the plugin can do with it.
#pragma once

#include <relance/channel.h>

#include <string>
#include <string_view>

namespace stripe {

extern const char kSchema[];

struct Settings {
  std::string api_key;  // the name of a secret
  std::string base_url, api_version, return_url;
  uint32_t timeout_ms = 0;
  int64_t planned_within_ms = 0;  // Stripe's own next attempt is waited for where it is so near
  int64_t fee_fixed_micro = 0, fee_bps = 0;
  std::string fee_currency;

  // Does an invoice list its payments, as since 2025-03-31, or name its one payment intent?
  bool lists_payments() const { return api_version >= "2025-03-31"; }
};

Settings read_settings(std::string_view config);
// One line a problem; empty: none.
std::string problems_of(std::string_view config);

// Keyed, unless the configuration says that this account's endpoint forgets keys. Threads: any.
const rl_channel_caps* caps_of(std::string_view config);

// Stripe finds a charge in its lists at once; this much is left to it. Units: milliseconds.
inline constexpr int64_t kIndexLagMs = 60'000;

}  // namespace stripe
