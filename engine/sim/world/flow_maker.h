// Makes bundles of random flows that the compiler accepts: every kind of step but conversations,
// joins and branches, several flows that meet at one customer, contact rules that bite.
//
// Pure: the same number gives the same bytes.
#pragma once

#include "script/bundle.h"

namespace relance {

BundleSources make_random_bundle(uint64_t number);

}  // namespace relance
