// Any bytes that a damaged store returns: they are refused, or a document that reads like any
// other.
#include <cstdint>

#include "base/doc.h"

using namespace relance;

namespace {

size_t look_at_all(DocView view) {
  size_t seen = view.text().value_or("").size();
  for (const auto& [key, value] : view.items()) seen += key.size() + look_at_all(value);
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const Result<Doc> doc = Doc::from_bytes(bytes);
  if (!doc) {
    // Nobody looks into refused bytes, but looking must not read past their end either.
    const DocView raw(bytes);
    RELANCE_ASSERT(raw.find("amount").bytes().size() <= size && raw.size() <= size);
    return 0;
  }
  constexpr size_t kLongestUsualName = 15;  // which is one byte
  RELANCE_ASSERT(look_at_all(*doc) <= size * kLongestUsualName);
  RELANCE_ASSERT(from_json(to_json(*doc)).ok());
  return 0;
}
