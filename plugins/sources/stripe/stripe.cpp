// relance.source.stripe: webhooks of Stripe. What becomes of them stands in stripe.json.
#include "sources/mapping/source_plugin.h"

namespace {

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false, "required": ["signing_secret"],
  "properties": {)" SOURCE_PROPERTIES "," API_PROPERTIES "}}";

}  // namespace

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  static const rl_plugin plugin = sources::source_plugin(
      "relance.source.stripe", "Payments, cards and refunds as Stripe tells them", kSchema);
  return host_abi >> 16 == RL_ABI_MAJOR ? &plugin : nullptr;
}
