// What a store keeps of one customer: all of it, opened, for the customer himself; and who he is
// among all.
//
// Threads, blocks, fails: as the archive.
#pragma once

#include <optional>

#include "admin/archive.h"

namespace relance {

// By the name that events give him, or by his pseudonym. nullopt: there is nobody.
Result<std::optional<Key>> find_customer(Archive& archive, const std::string& who);

struct CustomerData {
  Customer state;
  // {customer, pseudonym, restricted, erased_at, profile, corrected, supplemented, consents,
  // remembered, runs, events, contacts (and charges), operations (of connectors), answers,
  // decisions, commands}, lists oldest first.
  Doc told;
  size_t on_the_wire = 0;  // touches that are being settled
};
Result<CustomerData> customer_data(Archive& archive, const Key& customer);

// Actors that keep something of his under other names: his addresses, and events of his touches
// that waited for them. They are erased with him.
Result<std::vector<Key>> kept_beside(Archive& archive, const Key& customer);

}  // namespace relance
