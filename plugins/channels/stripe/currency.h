// Stripe's amounts beside ISO 4217's minor units. Both are whole numbers, and the same for all
// currencies but those in the tables (Stripe, "Supported currencies": zero-decimal, special cases).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stripe {

// "eur" -> "EUR"
std::string upper_currency(std::string_view currency);

// Of an amount as Stripe writes it; `currency` in capitals.
int64_t to_minor(int64_t amount, std::string_view currency);

// Millionths of the currency's unit in one of its minor units: 10,000 for EUR, 1,000,000 for JPY.
int64_t micro_per_minor(std::string_view currency);

}  // namespace stripe
