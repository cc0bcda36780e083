// `suppress` of contact.lua: what ends all contact with an address. Its do-not-call files are read
// by read_places.h. Threads: any one. Fails: every slip is reported at its line.
#pragma once

#include "script/fields.h"

namespace relance {

// The outcome words, and whether responded_to_campaign is among them.
std::vector<std::string> read_suppress(const Fields& contact, bool& responded_leaves);

}  // namespace relance
