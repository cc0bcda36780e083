#include "node/derived.h"

#include "core/state/redact.h"

namespace relance {

Derived derived_of(const Key& customer, const Entry& entry) {
  EntryIndex index = index_of(entry);
  Derived derived;
  derived.seen = std::move(index.seen);
  for (const auto& [hash, touch] : index.references)
    derived.references.push_back({hash, customer, touch});
  for (auto& [hash, state] : index.addresses) derived.addresses.push_back({hash, std::move(state)});
  return derived;
}

Deriver entry_deriver() {
  return [](const Key& customer, std::string_view body) {
    auto entry = decode_entry(body);
    return entry ? derived_of(customer, *entry) : Derived{};
  };
}

Redactor entry_redactor() {
  return [](const Key& customer, std::string_view body) -> Result<std::string> {
    auto entry = decode_entry(body);
    if (!entry) return entry.error();
    entry->customer = customer;
    redact(*entry);
    return encode_entry(*entry);
  };
}

}  // namespace relance
