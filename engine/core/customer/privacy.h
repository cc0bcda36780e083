// What a customer may ask for about the data kept of him. Each is a command and leaves a
// CommandTaken with its author and, at most, names of fields; never a value.
//
//   export       that he was told what is kept; telling it is the caller's
//   restrict     his data is kept and not used: nothing begins, nothing leaves, of charges and
//                messages on their way the outcome is still taken; flows that would start do not
//   lift         ends that: what waited goes on
//   rectify      `data` holds in place of what the CRM tells, now and whenever it is read again;
//                fields of that name in the events of his runs are changed too
//   supplement   `data` holds where the CRM tells nothing
//   erase        his runs end (holds are undone), nothing more leaves, and as soon as nothing of
//                his is on the wire CustomerErased is written. Whoever keeps its entry must
//                redact() those before it.
//
// Of who is erased, or being erased, events from before (they happened before, or are about a touch
// from before) are taken without their data; an objection or a consent in them holds. What happens
// later is told by somebody who came back: he begins anew, under the same key. That a search finds
// him in a CRM is no such event.
// Threads: the customer's actor. Fails: never; a command that changes nothing writes nothing.
#pragma once

#include "core/run/worker.h"

namespace relance {

bool is_privacy_command(std::string_view command);
void command_privacy(Worker& worker, const CommandInput& command);

// Is the event one from before his erasure?
bool is_echo(const Customer& customer, const EventInput& event);

// After every decision about a customer who asked for something.
void finish_erasure(Worker& worker);

}  // namespace relance
