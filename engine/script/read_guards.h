// `guards` of contact.lua: how many objections to what a flow sends are too many.
// Threads: any one. Fails: every slip is reported at its line.
#pragma once

#include "script/read_contact.h"

namespace relance {

std::vector<GuardRule> read_guards(const Fields& contact, const ContactContext& context);

}  // namespace relance
