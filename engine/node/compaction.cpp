#include "node/compaction.h"

#include "core/state/apply.h"
#include "node/derived.h"

namespace relance {
namespace {

// The first entry that is not older; `next` where all are.
Result<Position> first_from(StoreReader& reader, Position next, Instant from) {
  Position low = 1;
  for (Position high = next; low < high;) {
    const Position middle = low + (high - low) / 2;
    Position found = high;
    bool older = false;
    Status decoded;
    const auto read = reader.entries(middle, high, [&](const StoredEntry& stored) {
      const auto entry = decode_entry(stored.body);
      if (!entry) decoded = entry.error();
      found = stored.position;
      older = entry && entry->at < from;
      return false;
    });
    if (!read) return read.error();
    if (!decoded) return decoded.error();
    if (older)
      low = found + 1;
    else
      high = middle;
  }
  return low;
}

Result<std::string> sum_up(const Key& id, const std::vector<StoredEntry>& entries) {
  Customer customer;
  customer.id = id;
  Entry base;
  bool is_base = false;
  for (const StoredEntry& stored : entries) {
    auto entry = decode_entry(stored.body);
    if (!entry) return entry.error();
    is_base = !entry->records.empty() && std::holds_alternative<Base>(entry->records.front());
    apply_entry(customer, *entry, stored.body);
    base.at = entry->at;
    base.generation = entry->generation;
  }
  if (entries.size() == 1 && is_base) return std::string();
  base.customer = id;
  base.records.emplace_back(Base{encode_snapshot(customer)});
  return encode_entry(base);
}

}  // namespace

Result<Compacted> compact_history(const std::string& store, Duration keep,
                                  const Progress& progress) {
  if (keep < kLeastHistory)
    return Error{Code::usage,
                 "history is kept for at least " + format_duration(kLeastHistory),
                 {},
                 "ids of events and answers of providers are waited for as long"};
  StoreOptions how;
  how.read_only = true;
  how.derive = entry_deriver();
  auto opened = open_store(store, std::move(how));
  if (!opened) return opened.error();
  const Opened& about = (*opened)->opened();
  const auto reader = (*opened)->reader();
  const auto history = first_from(*reader, about.next_position, about.last_commit_at - keep);
  if (!history) return history.error();
  opened->reset();
  return compact_store(store, *history, sum_up, entry_deriver(), progress);
}

}  // namespace relance
