// Frame: version byte | 8 bytes that bind the content to its customer | content. Encryption will
// take the place of the content and its tag; the version byte tells the two apart.
#include "base/seal.h"

#include <cstring>

#include "base/codec.h"

namespace relance {
namespace {

constexpr uint8_t kFramed = 1;

// Tells a blob of somebody else's, or a broken one; no secret. Eight bytes at a time: it runs for
// every value of every decision.
uint64_t tag(const Key& customer, std::string_view plain) {
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
  return state ^ state >> 32;
}

}  // namespace

Sealed seal(const Key& customer, std::string_view plain) {
  Sealed sealed;
  if (plain.empty()) return sealed;
  Writer writer(sealed.bytes);
  writer.byte(kFramed);
  writer.fixed64(tag(customer, plain));
  writer.raw(plain);
  return sealed;
}

Result<std::string> open(const Key& customer, const Sealed& sealed) {
  if (sealed.empty()) return std::string();
  Reader reader(sealed.bytes);
  const uint8_t version = reader.byte();
  const uint64_t found = reader.fixed64();
  const std::string_view plain = reader.rest();
  if (!reader.ok() || version != kFramed || plain.empty() || found != tag(customer, plain)) {
    return Error{Code::store_corrupt, "a sealed value does not belong to its customer", {}, {}};
  }
  return std::string(plain);
}

}  // namespace relance
