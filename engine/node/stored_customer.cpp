#include "node/stored_customer.h"

#include "core/state/apply.h"

namespace relance {

Result<LoadedCustomer> complete(StoreReader& reader, const Key& id,
                                const std::optional<StoredCustomer>& stored) {
  LoadedCustomer loaded;
  if (stored && !stored->snapshot.empty()) {
    auto customer = decode_snapshot(stored->snapshot);
    if (!customer) return customer.error();
    loaded.customer = std::move(*customer);
    loaded.holds = stored->holds;
    loaded.entries_held = loaded.customer.entries;
  }
  loaded.customer.id = id;
  if (!stored) return loaded;
  loaded.last = stored->last;
  const Position held = loaded.holds.value_or(0);
  if (loaded.last == held) return loaded;
  std::vector<std::string> bodies;  // newest first
  bool his = true;
  auto walked = reader.walk_back(loaded.last, [&](const StoredEntry& entry) {
    his = entry.customer == id;
    if (!his || entry.position <= held) return false;
    bodies.emplace_back(entry.body);
    return true;
  });
  if (!walked) return walked.error();
  if (!his)
    return Error{Code::store_corrupt,
                 "the entries of customer " + id.text() + " lead to another's",
                 {},
                 "restore the newest good copy of the store"};
  for (; !bodies.empty(); bodies.pop_back()) {
    auto entry = decode_entry(bodies.back());
    if (!entry) return entry.error();
    apply_entry(loaded.customer, *entry, bodies.back());
  }
  return loaded;
}

}  // namespace relance
