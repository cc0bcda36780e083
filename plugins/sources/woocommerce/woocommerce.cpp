// relance.source.woocommerce: webhooks of WooCommerce. What becomes of them stands in
// woocommerce.json.
#include "sources/mapping/source_plugin.h"

namespace {

const rl_plugin kPlugin =
    sources::source_plugin("relance.source.woocommerce",
                           "Orders and payments as WooCommerce tells them", SOURCE_SCHEMA(""));

}  // namespace

RL_PLUGIN(kPlugin)
