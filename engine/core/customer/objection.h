// A person's or a provider's word against an address: STOP, a complaint, a bounce that comes after
// the answer. It holds for the address at once, whoever it belongs to and before any flow sees the
// event.
#pragma once

#include "core/customer/stop_words.h"
#include "core/run/worker.h"

namespace relance {

// What a message says about messages, or its provider in its place.
Wish wish_in(const EventTaken& event, DocView data);

// Suppresses the address that the event is about, or lifts what a STOP of the same person did.
void take_objection(Worker& worker, const EventTaken& event, DocView data);

}  // namespace relance
