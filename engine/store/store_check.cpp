#include "store/store_check.h"

#include <fmt/format.h>

#include <unordered_map>

namespace relance {
namespace {

constexpr Position kTold = 1 << 14;  // entries from one word of progress to the next

template <class... A>
Error broken(fmt::format_string<A...> text, A&&... args) {
  return {Code::store_corrupt,
          fmt::format(text, std::forward<A>(args)...),
          {},
          "restore the store from a backup"};
}

class Check {
 public:
  explicit Check(const CheckedStore& store) : store_(store) {}

  Status run() {
    Status read = store_.reader.entries(1, store_.next_position, [&](const StoredEntry& entry) {
      found_ = check_entry(entry);
      return found_.ok();
    });
    if (!read || !found_) return read.ok() ? found_ : read;
    if (expected_ != 0 && expected_ != store_.next_position) {
      return broken("entries end at {}, not at {}", expected_ - 1, store_.next_position - 1);
    }
    Status snapshots = check_snapshots();
    return snapshots.ok() ? check_addresses() : snapshots;
  }

 private:
  Status check_entry(const StoredEntry& entry) {
    if (store_.progress && entry.position % kTold == 0)
      store_.progress(entry.position, store_.next_position);
    if (expected_ == 0) first_ = expected_ = entry.position;
    const bool gap = entry.position > expected_ && entry.position <= store_.compacted_to;
    if (entry.position != expected_ && !gap) {
      return broken("entry {} is missing", expected_);
    }
    expected_ = entry.position + 1;
    Position& last = last_[entry.customer];
    const bool before_retention = last == 0 && entry.previous < first_;
    if (entry.previous != last && !before_retention) {
      return broken("customer {}: entry {} follows {}, but {} was the last", entry.customer.text(),
                    entry.position, entry.previous, last);
    }
    last = entry.position;
    return check_lookups(entry);
  }

  Status check_lookups(const StoredEntry& entry) {
    const Derived derived = store_.derive(entry.customer, entry.body);
    for (uint64_t hash : derived.seen) {
      Result<bool> seen = store_.reader.seen(hash);
      if (!seen) return seen.error();
      if (!*seen) return broken("entry {}: its event {:016x} is not seen", entry.position, hash);
    }
    for (const Derived::Reference& reference : derived.references) {
      auto found = store_.reader.reference(reference.hash);
      if (!found) return found.error();
      if (!*found) {
        return broken("entry {}: reference {:016x} leads nowhere", entry.position, reference.hash);
      }
    }
    for (const Derived::Address& address : derived.addresses) {
      addresses_[address.hash] = address.state;
    }
    return {};
  }

  Status check_snapshots() {
    Status read = store_.reader.customers([&](const Snapshot& snapshot) {
      found_ = check_snapshot(snapshot);
      return found_.ok();
    });
    return read.ok() ? found_ : read;
  }

  // Its `last` may lie before the first entry that is kept.
  Status check_snapshot(const Snapshot& snapshot) {
    if (snapshot.last >= store_.next_position) {
      return broken("customer {}: the snapshot ends at {}, which is not written yet",
                    snapshot.customer.text(), snapshot.last);
    }
    if (snapshot.last < first_ || expected_ == 0) return {};
    Status its_own;
    Status read = store_.reader.walk_back(snapshot.last, [&](const StoredEntry& entry) {
      if (entry.customer != snapshot.customer) {
        its_own = broken("customer {}: the snapshot ends at entry {}, which is another's",
                         snapshot.customer.text(), snapshot.last);
      }
      return false;
    });
    return read.ok() ? its_own : read;
  }

  Status check_addresses() {
    for (const Derived::Address& address : store_.addresses) {
      const auto derived = addresses_.find(address.hash);
      const bool incomplete = first_ > 1 || store_.compacted_to > 0;
      if (derived == addresses_.end() && incomplete) continue;
      if (derived == addresses_.end() || derived->second != address.state) {
        return broken("address {:016x} is '{}', its entries say otherwise", address.hash,
                      address.state);
      }
      addresses_.erase(derived);
    }
    for (const auto& [hash, state] : addresses_) {
      if (!state.empty()) return broken("address {:016x} should be '{}'", hash, state);
    }
    return {};
  }

  const CheckedStore& store_;
  Status found_;
  Position first_ = 1, expected_ = 0;  // 0: no entry yet
  std::unordered_map<Key, Position, KeyHash> last_;
  std::unordered_map<uint64_t, std::string> addresses_;
};

}  // namespace

Status check_store(const CheckedStore& store) { return Check(store).run(); }

}  // namespace relance
