// Contact rules of a later version: read and checked, with a warning for each that it is not
// enforced yet.
#pragma once

#include "script/read_contact.h"

namespace relance {

// The outcome words of `suppress`, and whether responded_to_campaign is among them.
std::vector<std::string> read_suppress(const Fields& contact, bool& responded_leaves);

// `packs`.
void check_later_rules(const Fields& contact);

}  // namespace relance
