// A person's or a provider's word against an address: STOP, a complaint, a bounce that comes after
// the answer. It holds for the address at once, whoever it belongs to and before any flow sees the
// event.
#pragma once

#include "core/run/worker.h"

namespace relance {

enum class Wish : uint8_t { none, stop, start };

// What a message that is one word means, in any case and with spaces around. The words: defaults of
// the large carriers' gateways (STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT, REVOKE, OPTOUT,
// OPT-OUT, REMOVE, ARRET; START, UNSTOP) and what regulators and operators name for PL, DE, FR, ES,
// IT and PT.
Wish wish_of(std::string_view text);

// Suppresses the address that the event is about, or lifts what a STOP of the same person did.
void take_objection(Worker& worker, const EventTaken& event, DocView data);

}  // namespace relance
