// apply: the only way a customer changes. Pure; opens no sealed blob; infers nothing that a record
// does not say.
#pragma once

#include "core/state/record.h"

namespace relance {

// Where a record stands: its entry's instant, and the event taken earlier in the same entry, if one
// was.
struct Applying {
  Instant at;
  const EventTaken* event = nullptr;
};

// Records about runs, steps or touches that the customer does not have are ignored: they were
// trimmed, and an old history must still apply.
void apply(Customer& customer, const Record& record, const Applying& where);

// The bookkeeping after an entry's records: count, last instant, chain over its bytes.
void finish_entry(Customer& customer, Instant at, std::string_view bytes);

// A customer's chain after this entry of his, without his state.
Key chain_after(const Key& chain, const Entry& entry, std::string_view bytes);

// A whole entry as it was committed: its records, then finish_entry().
void apply_entry(Customer& customer, const Entry& entry, std::string_view bytes);

}  // namespace relance
