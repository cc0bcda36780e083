// Frame: version byte | 8 bytes that bind the content to its customer | content. Encryption will
// take the place of the content and its tag; the version byte tells the two apart.
#include "base/seal.h"

#include "base/codec.h"

namespace relance {
namespace {

constexpr uint8_t kFramed = 1;

uint64_t tag(const Key& customer, std::string_view plain) {
  return derive_hash({"sealed", customer.view(), plain});
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
