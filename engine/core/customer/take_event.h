// An accepted event at work: facts about touches and consent, the runs it reaches, the runs it
// starts.
#pragma once

#include "core/run/worker.h"

namespace relance {

// The caller has ruled out that it is a duplicate. Runs that are held keep it.
void take_event(Worker& worker, const EventInput& event);

// A run that was held is free again: an event that it kept reaches it now, if it is one of its own.
void take_kept_event(Worker& worker, const Key& run, const KeptEvent& event);

// Of who is erased (customer/privacy.h): that it came, and what it says of consents and objections.
void take_echo(Worker& worker, const EventInput& input);

}  // namespace relance
