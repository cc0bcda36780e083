// Settling a touch: from what its channel answered, or failed to answer, to an outcome of its step.
// What may have happened is never guessed: it is asked again with the same key, looked up, or
// parked, as the channel's class allows (docs/internals.md, delivery classes). A message or charge
// whose run has ended is not sent again: what certainly did not happen is dropped, what may have is
// looked up or parked.
#pragma once

#include "core/run/step_logic.h"

namespace relance {

// Sends a touch that was intended just now. One that may have left in a time that the store lost is
// first asked for: its key is given again where the provider still honours it, it is looked up, or
// parked.
void leave(Worker& worker, Touch touch, bool slot);

// The answer to a Send.
void settle(Worker& worker, const Key& touch, const OperationResult& result);

// The answer to a LookUp.
void settle_looked_up(Worker& worker, const Key& touch, const OperationResult& result);

// `settle_at` of an open touch has come: the same key again, a look-up, or parking.
void settle_due(Worker& worker, const Key& touch);

// The process came up again and found this touch open; nothing tells how far it got.
void settle_after_crash(Worker& worker, const Key& touch);

// The process came up again and found this touch open; the crash mark says that no byte of it left.
void settle_never_begun(Worker& worker, const Key& touch);

// A person says what became of a parked touch: done (with a word of the step) or absent.
void settle_by_person(Worker& worker, const Key& touch, std::string_view word,
                      std::string_view author);

}  // namespace relance
