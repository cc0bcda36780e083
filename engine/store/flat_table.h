// A table from 64-bit hashes to small values, laid out in the order of the hashes.
//
// A slot's index is the high bits of its hash, so a walk over the slots meets the entries in
// nearly rising order: that is what lets late data be written in key order without a sort of the
// whole. Hashes must be spread evenly; with hashes that are not, every operation becomes slow.
// Grows, never shrinks, erases nothing. Threads: as a std::vector.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace relance {

template <class Value>
class FlatTable {
 public:
  struct Slot {
    uint64_t hash = 0;  // 0: empty
    Value value{};
  };

  size_t size() const { return size_; }
  // All slots, empty ones among them.
  std::span<const Slot> slots() const { return slots_; }

  // Makes room for `count` entries at once.
  void reserve(size_t count) {
    const size_t slots = std::bit_ceil(count + count / 2 + 1);
    if (slots > slots_.size()) resize(slots);
  }

  // The last value given for a hash holds. A hash of 0 is kept as 1.
  void assign(uint64_t hash, const Value& value) {
    if (size_ + size_ / 2 >= slots_.size()) resize(slots_.empty() ? 64 : slots_.size() * 2);
    Slot& slot = slots_[place(hash == 0 ? 1 : hash)];
    if (slot.hash == 0) ++size_;
    slot = {hash == 0 ? 1 : hash, value};
  }

  // Valid until the next assign().
  const Value* find(uint64_t hash) const {
    if (size_ == 0) return nullptr;
    const Slot& slot = slots_[place(hash == 0 ? 1 : hash)];
    return slot.hash == 0 ? nullptr : &slot.value;
  }

 private:
  // The slot that holds `hash`, or the empty one where it belongs.
  size_t place(uint64_t hash) const {
    size_t index = hash >> shift_;
    while (slots_[index].hash != 0 && slots_[index].hash != hash) {
      index = (index + 1) & (slots_.size() - 1);
    }
    return index;
  }

  void resize(size_t slots) {
    std::vector<Slot> old(std::max<size_t>(slots, 64));
    old.swap(slots_);
    shift_ = 64 - std::countr_zero(slots_.size());
    for (const Slot& slot : old) {
      if (slot.hash != 0) slots_[place(slot.hash)] = slot;
    }
  }

  std::vector<Slot> slots_;  // a power of two, at most two thirds full
  size_t size_ = 0;
  int shift_ = 64;
};

}  // namespace relance
