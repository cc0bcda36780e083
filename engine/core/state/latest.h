// What was written or read a moment ago, and what is written always: keys, words and numbers that
// then cost a byte. Internal to this room.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "base/id.h"
#include "base/usual.h"

namespace relance {

// The latest keys or words, the same on both sides. find: the place, from 0; -1: not there.
template <class T, size_t N>
class Latest {
 public:
  template <class V>
  int find(const V& v) const {
    for (size_t i = 0; i < N; ++i)
      if (items_[i] == v) return static_cast<int>(i);
    return -1;
  }
  template <class Test>
  int find_if(Test test) const {
    for (size_t i = 0; i < N; ++i)
      if (test(items_[i])) return static_cast<int>(i);
    return -1;
  }
  void add(T v) { items_[next_++ % N] = std::move(v); }
  const T* at(uint64_t place) const { return place < N ? &items_[place] : nullptr; }

 private:
  std::array<T, N> items_{};
  size_t next_ = 0;
};
constexpr size_t kHalf = 8;  // of a key; the touches of a customer share the second (base/id.h)
inline bool same_half(const Key& a, const Key& b) {
  return std::equal(a.bytes.begin() + kHalf, a.bytes.end(), b.bytes.begin() + kHalf);
}
constexpr size_t kShortestWord = 2, kLongestWord = 32;  // worth remembering
constexpr size_t kLatestWords = 16, kLatestKeys = 8, kLatestNumbers = 4;
constexpr uint64_t kSmallNumber = uint64_t{1} << 42;  // a varint up to here

// What is known of a customer's keys before anything is written: himself, and what his own have.
inline void begin_keys(Latest<Key, kLatestKeys>& keys, const Key& customer) {
  if (customer == Key{}) return;
  Key own;
  std::copy_n(customer.bytes.begin(), kHalf, own.bytes.begin() + kHalf);
  keys.add(customer);
  keys.add(own);
}

constexpr std::string_view kUsualWordList[] = {
#include "core/state/usual_words.inc"
};
constexpr Usual kUsualWords(kUsualWordList);

}  // namespace relance
