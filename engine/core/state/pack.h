// Structs as compact bytes, from one list of their fields each: RELANCE_FIELDS names them, and
// writing, reading and comparing with the default follow. A struct is a varint mask of the fields
// that differ from a fresh one, then those fields. So a field added at the end of a list reads as
// its default from older bytes, and unused fields cost nothing.
//
// What cannot be (a number that its field cannot hold, an unknown word of an enumeration, a length
// beyond the bytes) fails, and memory is claimed only for items that are there.
//
// Instants are written as differences from a base (the entry's or snapshot's own instant); a key or
// a word that was written a moment ago as its place among the latest ones. Keys of the customer's
// own runs and touches have half of his in them, which they need not repeat. Internal to this room.
#pragma once

#include <concepts>
#include <tuple>

#include "base/box.h"
#include "base/codec.h"
#include "base/doc.h"
#include "base/seal.h"
#include "base/word.h"
#include "core/state/latest.h"

#define RELANCE_FIELDS(Type, ...)                       \
  template <class S>                                    \
    requires std::same_as<std::remove_const_t<S>, Type> \
  auto fields(S& s) {                                   \
    return std::tie(__VA_ARGS__);                       \
  }

namespace relance {

// The last value of an enumeration that is stored; a byte beyond it is not understood.
template <class T>
constexpr T kLastOf = T{};

template <class T>
concept Packable = requires(T& t) { fields(t); };

// The form of everything stored: of an entry and of a snapshot the first byte. One that rises with
// any change but a field more at the end of a list. No form before this one was ever released.
constexpr uint8_t kStoredForm = 3;
// Of bytes with another form, or that are not whole (`what`).
Error unreadable(uint8_t form, const char* what);

class Packer {
 public:
  Packer(std::string& out, Instant base, const Key& customer = {}) : out_(out), base_(base.ms) {
    begin_keys(keys_, customer);
  }

  template <std::integral T>
  void put(const T& v) {
    if constexpr (std::same_as<T, bool>)
      out_.boolean(v);
    else if constexpr (std::is_signed_v<T>)
      out_.zigzag(v);
    else
      out_.varint(v);
  }
  template <class T>
    requires std::is_enum_v<T>
  void put(const T& v) {
    out_.varint(static_cast<uint64_t>(v));
  }
  // Length * 2 and the bytes, or place * 2 + 1.
  void put(const std::string& v) {
    const bool word = v.size() >= kShortestWord && v.size() <= kLongestWord;
    const int known = word ? words_.find(v) : -1;
    if (known >= 0) return out_.varint(static_cast<uint64_t>(known) * 2 + 1);
    const int usual = word ? kUsualWords.find(v) : -1;
    if (usual >= 0) return out_.varint((static_cast<uint64_t>(usual) + kLatestWords) * 2 + 1);
    out_.varint(v.size() * 2);
    out_.raw(v);
    if (word) words_.add(v);
  }
  // 0 and the bytes; or place + 1; or, where only its second half is known, that place behind all
  // of those and the first half.
  void put(const Key& v) {
    const int known = keys_.find(v);
    const int half = known < 0 ? keys_.find_if([&](const Key& k) { return same_half(k, v); }) : -1;
    out_.varint(static_cast<uint64_t>(half >= 0 ? half + int{kLatestKeys} : known) + 1);
    if (known >= 0) return;
    half >= 0 ? out_.raw(v.view().substr(0, kHalf)) : out_.key(v);
    keys_.add(v);
  }
  void put(const Word& v) { put(v.str()); }
  template <class T>
  void put(const Box<T>& v) {
    put(v.get());
  }
  // A hash is spread evenly: a varint of it would be longer than it is.
  void put(const uint64_t& v) {
    if (v < kSmallNumber) return out_.varint(v * 2);
    const int known = numbers_.find(v);
    out_.varint(static_cast<uint64_t>(known + 1) * 2 + 1);
    if (known >= 0) return;
    out_.fixed64(v);
    numbers_.add(v);
  }
  void put(const Duration& v) { out_.zigzag(v.ms); }
  void put(const Sealed& v) { out_.text(v.bytes); }
  void put(const Doc& v) { out_.text(v.bytes()); }
  void put(const Currency& v) { out_.text(v.text()); }
  // Wrapping difference: the extremes (never, beginning) come back whole.
  void put(const Instant& v) {
    out_.zigzag(static_cast<int64_t>(static_cast<uint64_t>(v.ms) - static_cast<uint64_t>(base_)));
  }
  template <class T>
  void put(const std::vector<T>& v) {
    out_.varint(v.size());
    for (const T& item : v) put(item);
  }
  // Hashes are spread evenly: fixed width is shorter than a varint.
  void put(const std::vector<uint64_t>& v) {
    out_.varint(v.size());
    for (uint64_t item : v) out_.fixed64(item);
  }
  template <size_t N>
  void put(const std::array<uint64_t, N>& v) {  // which ones there are, and those
    static_assert(N < 64);
    uint64_t mask = 0;
    for (size_t i = 0; i < N; ++i) mask |= uint64_t{v[i] != 0} << i;
    out_.varint(mask);
    for (uint64_t item : v)
      if (item != 0) out_.fixed64(item);
  }
  template <Packable T>
  void put(const T& v) {
    static const T fresh{};
    uint64_t mask = 0;
    int at = 0;
    each(v, fresh, [&](const auto& field, const auto& plain) {
      if (!(field == plain)) mask |= uint64_t{1} << at;
      ++at;
    });
    out_.varint(mask);
    each(v, fresh, [&](const auto& field, const auto& plain) {
      if (!(field == plain)) put(field);
    });
  }

 private:
  template <class T, class F>
  static void each(const T& v, const T& fresh, F f) {
    auto a = fields(v);
    auto b = fields(fresh);
    [&]<size_t... I>(std::index_sequence<I...>) {
      (f(std::get<I>(a), std::get<I>(b)), ...);
    }(std::make_index_sequence<std::tuple_size_v<decltype(a)>>());
  }

  Writer out_;
  int64_t base_;
  Latest<std::string_view, kLatestWords> words_;  // of what is being written
  Latest<Key, kLatestKeys> keys_;
  Latest<uint64_t, kLatestNumbers> numbers_;
};

class Unpacker {
 public:
  Unpacker(std::string_view bytes, Instant base, const Key& customer = {})
      : in_(bytes), base_(base.ms) {
    begin_keys(keys_, customer);
  }
  bool ok() const { return in_.ok(); }
  bool at_end() const { return in_.at_end(); }
  Reader& reader() { return in_; }

  template <std::integral T>
  void get(T& v) {
    if constexpr (std::same_as<T, bool>)
      v = in_.boolean();
    else if constexpr (std::is_signed_v<T>)
      take(in_.zigzag(), v);
    else
      take(in_.varint(), v);
  }
  template <class T>
    requires std::is_enum_v<T>
  void get(T& v) {
    const uint64_t number = in_.varint();
    if (number > static_cast<uint64_t>(kLastOf<T>)) return in_.fail();
    v = static_cast<T>(number);
  }
  void get(std::string& v) {
    std::string_view word;
    get_word(word);
    v = word;
  }
  void get(Key& v) {
    const uint64_t code = in_.varint();
    if (code == 0) return keys_.add(v = in_.key());
    const Key* known = keys_.at((code - 1) % kLatestKeys);
    if (code > 2 * kLatestKeys) return in_.fail();
    v = *known;
    if (code <= kLatestKeys) return;
    const std::string_view rest = in_.raw(kHalf);
    if (rest.size() == kHalf) std::copy(rest.begin(), rest.end(), v.bytes.begin());
    keys_.add(v);
  }
  void get(Word& v) {
    std::string_view word;
    get_word(word);
    v = word;
  }
  template <class T>
  void get(Box<T>& v) {
    get(v.change());
  }
  void get(uint64_t& v) {
    const uint64_t code = in_.varint();
    if (code % 2 == 0) return void(v = code / 2);
    const uint64_t* known = numbers_.at(code / 2 - 1);
    if (known) return void(v = *known);
    if (code != 1) return in_.fail();
    numbers_.add(v = in_.fixed64());
  }
  void get(Duration& v) { v.ms = in_.zigzag(); }
  void get(Sealed& v) { v.bytes = std::string(in_.text()); }
  void get(Doc& v) {
    auto doc = Doc::from_bytes(std::string(in_.text()));
    if (doc)
      v = std::move(*doc);
    else
      in_.fail();
  }
  void get(Currency& v) {
    std::string_view letters = in_.text();
    if (letters.size() == 3) std::copy(letters.begin(), letters.end(), v.letters);
  }
  void get(Instant& v) {
    v.ms = static_cast<int64_t>(static_cast<uint64_t>(in_.zigzag()) + static_cast<uint64_t>(base_));
  }
  template <class T>
  void get(std::vector<T>& v) {
    uint64_t count = in_.varint();
    if (count > in_.rest().size()) return in_.fail();  // every item takes at least a byte
    v.clear();
    v.reserve(std::min<uint64_t>(count, kItemsAtOnce));
    for (; count > 0 && in_.ok(); --count) get(v.emplace_back());
  }
  void get(std::vector<uint64_t>& v) {
    uint64_t count = in_.varint();
    if (count > in_.rest().size() / 8) return in_.fail();
    v.resize(count);
    for (uint64_t& item : v) item = in_.fixed64();
  }
  template <size_t N>
  void get(std::array<uint64_t, N>& v) {
    const uint64_t mask = in_.varint();
    if (mask >> N) return in_.fail();
    for (size_t i = 0; i < N; ++i) v[i] = mask >> i & 1 ? in_.fixed64() : 0;
  }
  template <Packable T>
  void get(T& v) {
    uint64_t mask = in_.varint();
    int at = 0;
    auto all = fields(v);
    std::apply([&](auto&... field) { ((mask >> at++ & 1 ? get(field) : void()), ...); }, all);
    if (at < 64 && mask >> at) in_.fail();  // written by a later version: cannot be understood
  }

 private:
  static constexpr uint64_t kItemsAtOnce = 64;

  template <class Wide, class T>
  void take(Wide read, T& v) {
    v = static_cast<T>(read);
    if (static_cast<Wide>(v) != read) in_.fail();
  }

  Reader in_;
  int64_t base_;
  void get_word(std::string_view& v) {
    const uint64_t code = in_.varint();
    if (code & 1) {
      const uint64_t place = code / 2, usual = place - kLatestWords;
      if (place < kLatestWords) return void(v = *words_.at(place));
      return usual < kUsualWords.size() ? void(v = kUsualWords[usual]) : in_.fail();
    }
    v = in_.raw(code / 2);
    if (v.size() >= kShortestWord && v.size() <= kLongestWord) words_.add(v);
  }

  Latest<std::string_view, kLatestWords> words_;
  Latest<Key, kLatestKeys> keys_;
  Latest<uint64_t, kLatestNumbers> numbers_;
};

}  // namespace relance
