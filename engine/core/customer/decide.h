// decide: the heart. One input about one customer in, records and effects out.
//
//   decide(customer, input, rules) -> records, effects      and every record already applied to
//   `customer`
//
// Pure: no I/O, no clock, no chance; the same customer, input and context give the same decision.
// The customer passed in is changed by apply() only, so after a failed commit the caller drops him
// and loads him again. Threads: the customer's actor. Fails: never; what goes wrong in a flow is
// recorded as the step's or the run's failure.
#pragma once

#include <string>
#include <vector>

#include "core/run/context.h"
#include "core/run/input.h"

namespace relance {

void decide(Customer& customer, const Input& input, const Context& context, Decision& decision);

uint64_t event_hash(std::string_view tenant, std::string_view subject, std::string_view source,
                    std::string_view id);

// What an entry adds to the store's late tables.
struct EntryIndex {
  std::vector<uint64_t> seen;
  std::vector<std::pair<uint64_t, Key>> references;  // hash -> touch
  std::vector<std::pair<uint64_t, std::string>> addresses;
};
EntryIndex index_of(const Entry& entry);
uint64_t reference_hash(std::string_view channel, std::string_view provider_id);

}  // namespace relance
