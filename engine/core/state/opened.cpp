#include "core/state/opened.h"

namespace relance {

Doc opened(const Key& customer, const Sealed& sealed) {
  if (sealed.empty()) return {};
  auto plain = open(customer, sealed);
  if (!plain) return {};
  auto doc = Doc::from_bytes(std::move(*plain));
  return doc ? std::move(*doc) : Doc{};
}

}  // namespace relance
