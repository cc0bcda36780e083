// The shipped event catalogue as rows of text; the one place where it is written.
// docs/reference/events.md shows it.
#pragma once

#include <span>
#include <string_view>

namespace relance {

struct ShippedEvents {
  std::string_view types;   // names, separated by blanks
  std::string_view fields;  // "name" (text) or "name:type", separated by blanks
  std::string_view about;   // "touch", "customer", or empty: found by the keys it carries
};

std::span<const ShippedEvents> shipped_events();

}  // namespace relance
