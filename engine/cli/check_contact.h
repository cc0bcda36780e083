// What `relance check` says of contact.lua beside its errors: what packs add, and of which date
// do-not-call files are.
#pragma once

#include <vector>

#include "script/bundle.h"

namespace relance::cli {

// Prints every rule that a pack of the bundle adds, with its source.
void print_packs(const ContactRules& rules);

// Prints each do-not-call file with its size and date. Findings: one that cannot be read (E0152),
// one that is too old at `now` (E0153, a warning).
std::vector<Finding> check_do_not_call(const Bundle& bundle, Instant now, bool print);

}  // namespace relance::cli
