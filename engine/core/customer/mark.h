// Markers: what an event says that the customer is in the middle of, by the rules of contact.lua,
// and that he responded to a campaign. Kept with him, so the gate needs no query.
//
// Events may come late and in any order: the one that happened last holds; of two at the same
// instant the closing one. Bounds: 32 of one name (then the closed one that is oldest is forgotten,
// else the oldest); closed ones for 35 days, or as long as a rule counts on from their closing.
#pragma once

#include "core/run/worker.h"

namespace relance {

// True: something closed, and what waits for that may be asked again.
bool take_markers(Worker& worker, const EventTaken& event, DocView data);

}  // namespace relance
