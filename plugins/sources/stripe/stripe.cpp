// relance.source.stripe: webhooks of Stripe. What becomes of them stands in stripe.json.
#include "sources/mapping/source_plugin.h"

namespace {

const rl_plugin kPlugin = sources::source_plugin("relance.source.stripe",
                                                 "Payments, cards and refunds as Stripe tells them",
                                                 SOURCE_SCHEMA("," API_PROPERTIES));

}  // namespace

RL_PLUGIN(kPlugin)
