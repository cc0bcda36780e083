// Contact rules of a later version: read and checked, with a warning for each that it is not
// enforced yet.
#pragma once

#include "script/read_contact.h"

namespace relance {

// The outcome words of `suppress`.
std::vector<std::string> read_suppress(const Fields& contact);

// `markers`, `exclusions` and `packs`.
void check_later_rules(const Fields& contact, const ContactContext& context);

}  // namespace relance
