// redact: what is personal taken out of what is kept. Ids, hashes, closed words, instants, costs
// and the amounts of events and answers stay; what is sealed goes, and so do free texts: facts of
// decisions, reasons that a provider or a function wrote, sources and proofs of consents.
//
// It walks the lists of stored fields, so one that is added is walked too. Redacted entries give
// the redacted customer: apply() copies, and each field is redacted in the same way wherever it
// stands. Doing it twice changes nothing more. Threads: any.
#pragma once

#include "core/state/record.h"

namespace relance {

void redact(Customer& customer);
void redact(Entry& entry);  // of entry.customer

// Does it end what was kept of the customer before?
bool erases(const Entry& entry);

}  // namespace relance
