// events.lua: a bundle's own event types and fields, laid over the shipped catalogue.
// Threads: any one. Fails: every slip is reported at its line; what is right is taken all the same.
#pragma once

#include "script/event_catalogue.h"
#include "script/load.h"

namespace relance {

// `returned` is what the file gave back.
void read_events(const Value& returned, const SourceFile& file, EventCatalogue& catalogue,
                 Findings& findings);

}  // namespace relance
