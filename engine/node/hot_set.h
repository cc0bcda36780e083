// The customers a shard keeps in memory: those that were worked on lately, within a budget of
// bytes. Cold ones are a row in the store.
//
// Owns the customers. Threads: the shard's. A customer may leave only when the store holds
// everything about him: his snapshot is committed, nothing of his is queued, and nothing is under
// way that only memory knows of.
#pragma once

#include <algorithm>
#include <list>
#include <memory>
#include <unordered_map>

#include "base/half_key.h"
#include "node/stored_customer.h"

namespace relance {

struct HotCustomer {
  Customer customer;
  Position last = 0;              // his latest entry
  std::optional<Position> holds;  // as LoadedCustomer
  uint64_t entries_held = 0;
  Position first_unsaved = 0;  // his oldest entry that no snapshot holds; 0: none
  uint64_t leaving_in = 0;     // the drain with whose commit he leaves, unless he is touched again
  uint64_t worked_in = 0;      // number of the drain that worked on him last
  size_t bytes = 0;            // estimate of his memory
  Instant listed_due = Instant::never();  // what the due list knows of him
  Instant news_at = Instant::never();     // of an event, until a touch leaves or he has waited
  std::list<Key>::iterator use;           // place in the order of use
};

class HotSet {
 public:
  explicit HotSet(size_t budget_bytes) : budget_(budget_bytes) {}

  HotCustomer* find(const Key& key);      // and notes the use
  HotCustomer* peek(const Key& key);      // without noting it
  const Key* owner(uint64_t high) const;  // whose key begins so
  HotCustomer& put(LoadedCustomer loaded);
  void measure(HotCustomer& hot);  // after a change
  void erase(const Key& key);

  // How many bytes ought to leave: none within the budget, else enough for a while.
  size_t surplus() const { return bytes_ > budget_ ? bytes_ - budget_ + budget_ / 8 : 0; }
  size_t size() const { return customers_.size(); }
  // Least recently used first, at most `most` of them, until `visit` says stop. Who cannot leave is
  // as good as used: the next call begins behind him.
  enum class Visited { leaves, stays, stop };
  template <class Visit>
  void oldest_first(size_t most, Visit visit) {
    auto end = order_.end();
    for (most = std::min(most, order_.size()); most > 0; --most) {
      const auto here = std::prev(end);
      const Visited how = visit(*customers_.at(*here));
      if (how == Visited::stop) return;
      if (how == Visited::stays)
        order_.splice(order_.begin(), order_, here);
      else
        end = here;
    }
  }
  template <class Visit>
  void each(Visit visit) {
    for (auto& [key, hot] : customers_) visit(*hot);
  }

 private:
  size_t budget_, bytes_ = 0;
  std::list<Key> order_;  // most recently used first
  std::unordered_map<Key, std::unique_ptr<HotCustomer>, HalfKeyHash, HalfKeySame> customers_;
};

}  // namespace relance
