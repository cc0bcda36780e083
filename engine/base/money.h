// Money: int64 minor units and an ISO 4217 currency. No floating point anywhere.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace relance {

// Three upper-case letters, e.g. "EUR". Default constructed: none.
struct Currency {
  char letters[3] = {0, 0, 0};
  bool operator==(const Currency&) const = default;
  auto operator<=>(const Currency&) const = default;
  explicit operator bool() const { return letters[0] != 0; }
  std::string_view text() const { return {letters, letters[0] ? 3u : 0u}; }

  // Fails with invalid_text for anything that is not a current ISO 4217 code.
  static Result<Currency> parse(std::string_view text);
  int exponent() const;  // digits after the point: 2 for EUR, 0 for JPY, 3 for KWD
};

struct Money {
  int64_t minor = 0;
  Currency currency;
  bool operator==(const Money&) const = default;

  // "49.00" or "49" in EUR -> 4900. Fails with invalid_text (more digits than the currency has, not
  // a number) or overflow.
  static Result<Money> parse(std::string_view amount, Currency currency);
  std::string text() const;  // "49.00 EUR"
};

// Fails with currency_mismatch; never guesses a rate.
Result<std::strong_ordering> compare(const Money& a, const Money& b);
Result<Money> add(const Money& a, const Money& b);

}  // namespace relance
