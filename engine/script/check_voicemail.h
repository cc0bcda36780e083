// What follows a voicemail must speak of it: a message that does not is a warning (E0475).
//
// A message after `f.call.voicemail`, directly or over steps that reach nobody, speaks of it where
// its texts use `last_touch`, the call's own step, or a field named for it; or where the text is
// sent after voicemails only. Threads: one.
#pragma once

#include "script/bundle.h"
#include "script/load.h"

namespace relance {

void check_voicemails(const Bundle& bundle, Findings& findings);

}  // namespace relance
