#include "currency.h"

namespace stripe {
namespace {

bool among(std::string_view list, std::string_view currency) {
  return currency.size() == 3 && list.find(currency) != std::string_view::npos;
}

// No minor unit in ISO 4217.
constexpr std::string_view kNoDecimals =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
// Of those, what Stripe writes with two digits all the same, for old integrations.
constexpr std::string_view kWrittenWithTwo = "ISK UGX";
// Two digits in ISO 4217, none at Stripe.
constexpr std::string_view kWrittenWithNone = "MGA";
constexpr std::string_view kThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";

}  // namespace

std::string upper_currency(std::string_view currency) {
  std::string text(currency);
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

int64_t to_minor(int64_t amount, std::string_view currency) {
  if (among(kWrittenWithTwo, currency)) return amount / 100;
  if (among(kWrittenWithNone, currency)) return amount * 100;
  return amount;
}

int64_t micro_per_minor(std::string_view currency) {
  if (among(kNoDecimals, currency)) return 1'000'000;
  return among(kThreeDecimals, currency) ? 1'000 : 10'000;
}

}  // namespace stripe
