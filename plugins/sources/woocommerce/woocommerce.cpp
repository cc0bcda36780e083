// relance.source.woocommerce: webhooks of WooCommerce. What becomes of them stands in
// woocommerce.json.
#include "sources/mapping/source_plugin.h"

namespace {

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false, "required": ["signing_secret"],
  "properties": {)" SOURCE_PROPERTIES "}}";

}  // namespace

const rl_plugin* rl_plugin_entry(uint32_t host_abi) {
  static const rl_plugin plugin = sources::source_plugin(
      "relance.source.woocommerce", "Orders and payments as WooCommerce tells them", kSchema);
  return host_abi >> 16 == RL_ABI_MAJOR ? &plugin : nullptr;
}
