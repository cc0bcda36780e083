// Frame: version byte | 4 bytes that bind the content to its customer | content. Encryption
// could take the place of the content and its tag; the version byte would tell the two apart.
#include "base/seal.h"

#include <cstring>

#include "base/codec.h"

namespace relance {
namespace {

constexpr uint8_t kFramed = 2;  // 1: tags of 8 bytes, never released
using Tag = uint32_t;

// Tells a blob of somebody else's, or a broken one; no secret. Eight bytes at a time: it runs for
// every value of every decision.
Tag tag(const Key& customer, std::string_view plain) {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15u;
  uint64_t state = customer.high() ^ plain.size() * kOdd;
  const auto mix = [&](const char* bytes, size_t count) {
    uint64_t word = 0;
    std::memcpy(&word, bytes, count);
    state = (state ^ word) * kOdd;
    state ^= state >> 29;
  };
  mix(customer.view().data() + 8, 8);
  size_t at = 0;
  for (; at + 8 <= plain.size(); at += 8) mix(plain.data() + at, 8);
  mix(plain.data() + at, plain.size() - at);
  return static_cast<Tag>(state ^ state >> 32);
}

}  // namespace

Sealed seal(const Key& customer, std::string_view plain) {
  Sealed sealed;
  if (plain.empty()) return sealed;
  Writer writer(sealed.bytes);
  writer.byte(kFramed);
  const Tag bound = tag(customer, plain);
  writer.raw({reinterpret_cast<const char*>(&bound), sizeof bound});
  writer.raw(plain);
  return sealed;
}

Result<std::string> open(const Key& customer, const Sealed& sealed) {
  if (sealed.empty()) return std::string();
  Reader reader(sealed.bytes);
  const uint8_t version = reader.byte();
  Tag found = 0;
  reader.raw(sizeof found).copy(reinterpret_cast<char*>(&found), sizeof found);
  const std::string_view plain = reader.rest();
  if (!reader.ok() || version != kFramed || plain.empty() || found != tag(customer, plain)) {
    return Error{Code::store_corrupt, "a sealed value does not belong to its customer", {}, {}};
  }
  return std::string(plain);
}

}  // namespace relance
