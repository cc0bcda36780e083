#include "base/money.h"

#include <array>
#include <utility>

namespace relance {
namespace {

// ISO 4217, list one (current currencies and funds), by the number of digits after the point.
constexpr std::pair<int, std::string_view> kCurrent[] = {
    // X.. codes below are metals, units of account, "testing" and "none": they have no minor unit.
    {0,
     "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF "
     "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX"},
    {2,
     "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
     "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
     "GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK "
     "LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO "
     "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
     "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST "
     "XAD XCD XCG YER ZAR ZMW ZWG"},
    {3, "BHD IQD JOD KWD LYD OMR TND"},
    {4, "CLF UYW"},
};

constexpr int kUnknown = -1;

constexpr size_t slot(const char* letters) {
  size_t index = 0;
  for (int i = 0; i < 3; ++i) index = index * 26 + static_cast<size_t>(letters[i] - 'A');
  return index;
}

// Exponent by code; one entry for each of the 26^3 possible codes makes the look-up a single load.
constexpr auto kExponents = [] {
  std::array<short, 26 * 26 * 26> table{};
  table.fill(kUnknown);
  for (const auto& [exponent, codes] : kCurrent) {
    for (size_t i = 0; i < codes.size(); i += 4) {
      table[slot(codes.data() + i)] = static_cast<short>(exponent);
    }
  }
  return table;
}();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Error not_an_amount(std::string_view amount, Currency currency) {
  const int digits = currency.exponent();
  return {Code::invalid_text,
          "'" + std::string(amount) + "' is not an amount in " + std::string(currency.text()),
          {},
          digits == 0 ? "write whole units, such as 4900"
                      : "write at most " + std::to_string(digits) + " digits after the point"};
}

// out = out * 10 + digit; false when that overflows.
bool append_digit(int64_t& out, int digit) {
  return !__builtin_mul_overflow(out, int64_t{10}, &out) &&
         !__builtin_add_overflow(out, int64_t{digit}, &out);
}

Error mismatch(const Money& a, const Money& b) {
  return {Code::currency_mismatch,
          "cannot relate " + a.text() + " to " + b.text(),
          {},
          "compare amounts of one currency only"};
}

}  // namespace

Result<Currency> Currency::parse(std::string_view text) {
  bool known = text.size() == 3;
  for (char c : text) known = known && c >= 'A' && c <= 'Z';
  if (!known || kExponents[slot(text.data())] == kUnknown) {
    return Error{Code::invalid_text,
                 "'" + std::string(text) + "' is not a currency",
                 {},
                 "currencies are ISO 4217 codes in capital letters, such as EUR"};
  }
  return Currency{{text[0], text[1], text[2]}};
}

int Currency::exponent() const {
  if (!*this) return 0;
  const int exponent = kExponents[slot(letters)];
  return exponent == kUnknown ? 0 : exponent;
}

Result<Money> Money::parse(std::string_view amount, Currency currency) {
  const bool negative = amount.starts_with('-');
  const std::string_view digits = amount.substr(negative ? 1 : 0);
  const size_t point = digits.find('.');
  const std::string_view whole = digits.substr(0, point);
  const std::string_view part =
      point == std::string_view::npos ? std::string_view{} : digits.substr(point + 1);
  const auto exponent = static_cast<size_t>(currency.exponent());
  const bool point_without_digits = point != std::string_view::npos && part.empty();
  if (whole.empty() || point_without_digits || part.size() > exponent) {
    return not_an_amount(amount, currency);
  }

  int64_t minor = 0;
  bool fits = true;
  for (std::string_view run : {whole, part}) {
    for (char c : run) {
      if (!is_digit(c)) return not_an_amount(amount, currency);
      fits = fits && append_digit(minor, c - '0');
    }
  }
  for (size_t i = part.size(); i < exponent; ++i) fits = fits && append_digit(minor, 0);
  if (!fits)
    return Error{Code::overflow, "amount '" + std::string(amount) + "' is too large", {}, {}};
  return Money{negative ? -minor : minor, currency};
}

std::string Money::text() const {
  const auto exponent = static_cast<size_t>(currency.exponent());
  // The magnitude is taken unsigned: INT64_MIN has no positive counterpart.
  const uint64_t magnitude =
      minor < 0 ? 0 - static_cast<uint64_t>(minor) : static_cast<uint64_t>(minor);
  std::string out = std::to_string(magnitude);
  if (exponent > 0) {
    if (out.size() <= exponent) out.insert(0, exponent + 1 - out.size(), '0');
    out.insert(out.size() - exponent, ".");
  }
  if (minor < 0) out.insert(0, "-");
  if (currency) out.append(" ").append(currency.text());
  return out;
}

Result<std::strong_ordering> compare(const Money& a, const Money& b) {
  if (a.currency != b.currency) return mismatch(a, b);
  return a.minor <=> b.minor;
}

Result<Money> add(const Money& a, const Money& b) {
  if (a.currency != b.currency) return mismatch(a, b);
  Money sum{0, a.currency};
  if (__builtin_add_overflow(a.minor, b.minor, &sum.minor)) {
    return Error{
        Code::overflow, "the sum of " + a.text() + " and " + b.text() + " is too large", {}, {}};
  }
  return sum;
}

}  // namespace relance
