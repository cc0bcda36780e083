// Ids and keys: 128 bits, derived by hashing what they belong to, so that they are the same on any
// thread count, after a crash and after a restore.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace relance {

struct Key {
  std::array<uint8_t, 16> bytes{};
  auto operator<=>(const Key&) const = default;
  explicit operator bool() const { return *this != Key{}; }

  // 26 characters of base32 (RFC 4648 alphabet, lower case, no padding).
  std::string text() const;
  static Result<Key> parse(std::string_view text);
  // The first 8 bytes, big endian: ranges of it are shards.
  uint64_t high() const;
  uint64_t low() const;  // the last 8, alike
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  static Key from(std::string_view sixteen_bytes);
};

// The first of all keys with this high half.
Key first_key(uint64_t high);

struct KeyHash {
  size_t operator()(const Key& key) const {
    uint64_t first = 0;
    std::memcpy(&first, key.bytes.data(), sizeof first);
    return first;
  }
};

// The first 128 bits of SHA-256 over the parts, each preceded by its length, so that ("a","bc") !=
// ("ab","c").
Key derive_key(std::initializer_list<std::string_view> parts);
// The same for what belongs to a customer: its second half is the first half of his key, so that he
// is found by it.
Key derive_key_of(const Key& customer, std::initializer_list<std::string_view> parts);
// The first 64 bits of derive_key(); for fields that are compared, never shown.
uint64_t derive_hash(std::initializer_list<std::string_view> parts);
// SHA-256 as 64 hex digits.
std::string sha256_hex(std::string_view bytes);
// A chain over byte strings: chain = first 128 bits of SHA-256(chain, bytes).
Key extend_chain(const Key& chain, std::string_view bytes);

// A customer: (tenant, subject). The unit of consistency.
Key customer_key(std::string_view tenant, std::string_view subject);

}  // namespace relance
