// `markers` and `exclusions` of contact.lua: what a customer is in the middle of, and what must not
// meet. Threads: any one. Fails: every slip is reported at its line.
#pragma once

#include "script/read_contact.h"

namespace relance {

Exclusions read_exclusions(const Fields& contact, const ContactContext& context);

}  // namespace relance
