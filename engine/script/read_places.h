// The fields of contact.lua about time and place: quiet days, packs, the self-cure hold, openings
// and do-not-call files. Threads: any one. Fails: every slip is reported at its line.
#pragma once

#include "core/graph/contact_rules.h"
#include "script/fields.h"

namespace relance {

// `quiet_days`, where contact.lua or a flow's header has it.
std::vector<QuietDayRule> read_quiet_days(const Fields& fields);

// `self_cure`; nothing: not there.
std::optional<Duration> read_self_cure(const Fields& fields);

// `packs`, `opening` and `suppress = { do_not_call = ... }`.
void read_places(const Fields& contact, ContactRules& rules);

}  // namespace relance
