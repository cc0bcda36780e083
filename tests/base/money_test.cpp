#include "base/money.h"

#include <catch2/catch.hpp>

using namespace relance;

namespace {
Currency currency(std::string_view code) { return *Currency::parse(code); }
}  // namespace

TEST_CASE("only current ISO 4217 codes are currencies") {
  CHECK(Currency::parse("EUR").ok());
  for (std::string_view wrong :
       {"", "EU", "EURO", "eur", "DEM", "HRK", "BGN", "E R", "E\xc3\x84"}) {
    CAPTURE(wrong);
    REQUIRE_FALSE(Currency::parse(wrong).ok());
    CHECK(Currency::parse(wrong).error().code == Code::invalid_text);
  }
}

TEST_CASE("a currency knows its digits after the point") {
  CHECK(currency("EUR").exponent() == 2);
  CHECK(currency("JPY").exponent() == 0);
  CHECK(currency("KWD").exponent() == 3);
  CHECK(currency("CLF").exponent() == 4);
  CHECK(currency("ZWG").exponent() == 2);
  CHECK(Currency{}.exponent() == 0);
  CHECK_FALSE(Currency{});
}

TEST_CASE("an amount is read exactly or refused") {
  const Currency eur = currency("EUR");
  CHECK(Money::parse("49.00", eur)->minor == 4900);
  CHECK(Money::parse("49", eur)->minor == 4900);
  CHECK(Money::parse("0.1", eur)->minor == 10);
  CHECK(Money::parse("-0.05", eur)->minor == -5);
  CHECK(Money::parse("1.234", currency("KWD"))->minor == 1234);
  CHECK(Money::parse("4900", currency("JPY"))->minor == 4900);
  CHECK(Money::parse("92233720368547758.07", eur)->minor == INT64_MAX);

  for (std::string_view wrong :
       {"", "-", ".5", "5.", "1.234", "1e3", "1,50", " 1", "1 ", "+1", "--1", "1.2.3"}) {
    CAPTURE(wrong);
    REQUIRE_FALSE(Money::parse(wrong, eur).ok());
    CHECK(Money::parse(wrong, eur).error().code == Code::invalid_text);
  }
  CHECK(Money::parse("0.5", currency("JPY")).error().code == Code::invalid_text);
  CHECK(Money::parse("92233720368547758.08", eur).error().code == Code::overflow);
  CHECK(Money::parse("99999999999999999999999", eur).error().code == Code::overflow);
}

TEST_CASE("money prints with the digits of its currency") {
  CHECK(Money{4900, currency("EUR")}.text() == "49.00 EUR");
  CHECK(Money{-5, currency("EUR")}.text() == "-0.05 EUR");
  CHECK(Money{7, currency("JPY")}.text() == "7 JPY");
  CHECK(Money{1, currency("KWD")}.text() == "0.001 KWD");
  CHECK(Money{INT64_MIN, currency("EUR")}.text() == "-92233720368547758.08 EUR");
}

TEST_CASE("two currencies are never compared or added") {
  const Money ten{1000, currency("EUR")};
  const Money dollars{1000, currency("USD")};
  CHECK(*compare(ten, {900, currency("EUR")}) == std::strong_ordering::greater);
  CHECK(compare(ten, dollars).error().code == Code::currency_mismatch);
  CHECK(add(ten, {-250, currency("EUR")})->minor == 750);
  CHECK(add(ten, dollars).error().code == Code::currency_mismatch);
  CHECK(add(ten, {INT64_MAX, currency("EUR")}).error().code == Code::overflow);
}
