#include "node/rebuild_check.h"

#include "core/state/apply.h"

namespace relance {
namespace {

constexpr uint64_t kTold = 256;  // customers from one word of progress to the next

// As his entry `last` left him.
Result<std::string> rebuilt(StoreReader& reader, const Key& id, Position last) {
  std::vector<std::string> bodies;  // newest first
  const auto read = reader.walk_back(last, [&](const StoredEntry& entry) {
    bodies.emplace_back(entry.body);
    return true;
  });
  if (!read) return read.error();
  Customer customer;
  customer.id = id;
  for (; !bodies.empty(); bodies.pop_back()) {
    const auto entry = decode_entry(bodies.back());
    if (!entry) return entry.error();
    apply_entry(customer, *entry, bodies.back());
  }
  return encode_snapshot(customer);
}

}  // namespace

Status check_rebuild(Store& store, const Progress& progress) {
  const auto reader = store.reader();
  const uint64_t entries = store.opened().next_position;
  uint64_t customers = 0;
  Status found;
  const auto read = reader->customers([&](const Snapshot& one) {
    if (one.body.empty()) return true;
    const auto state = rebuilt(*reader, one.customer, one.holds.value_or(one.last));
    if (!state)
      found = state.error();
    else if (*state != one.body)
      found = Error{Code::store_corrupt,
                    "customer " + one.customer.text() + ": his entries make another snapshot",
                    {},
                    "restore the store from a backup"};
    if (progress && ++customers % kTold == 0) progress(std::min(customers, entries), entries);
    return found.ok();
  });
  return found.ok() ? read : found;
}

}  // namespace relance
