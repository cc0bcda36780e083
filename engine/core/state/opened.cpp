#include "core/state/opened.h"

namespace relance {

Doc opened(const Key& customer, const Sealed& sealed) {
  if (sealed.empty()) return {};
  auto plain = open(customer, sealed);
  if (!plain) return {};
  auto doc = Doc::from_bytes(std::move(*plain));
  return doc ? std::move(*doc) : Doc{};
}

DocView Openings::open(const Sealed& sealed) {
  if (sealed.empty()) return {};
  for (const Opening& known : known_)
    if (known.sealed == sealed) return known.plain;
  known_.push_front({sealed, opened(customer_, sealed)});
  return known_.front().plain;
}

}  // namespace relance
