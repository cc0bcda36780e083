// relance.source.shopify: webhooks of Shopify. What becomes of them stands in shopify.json.
#include "sources/mapping/source_plugin.h"

namespace {

const rl_plugin kPlugin = sources::source_plugin(
    "relance.source.shopify", "Carts, orders, returns and deliveries as Shopify tells them",
    SOURCE_SCHEMA("," API_PROPERTIES));

}  // namespace

RL_PLUGIN(kPlugin)
