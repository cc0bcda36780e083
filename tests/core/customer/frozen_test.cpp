// What a frozen part repeats of the profile is left out, and comes back whole.
#include "core/run/frozen.h"

#include <catch2/catch.hpp>

using namespace relance;

namespace {

Doc text(std::string_view v) { return Doc::text(v); }

const Doc kProfile = Doc::record({{"email", text("ann@example.com")},
                                  {"first_name", text("Ann")},
                                  {"locale", text("en")},
                                  {"nothing", Doc()},
                                  {"points", Doc::integer(7)}});

Doc message(const Doc& to, const Doc& locale, const Doc& values) {
  return Doc::record(
      {{"data", Doc::record({{"place", text("o-1")}})},
       {"inputs", Doc::record({{"template", text("3mnh375ixtbsz")}, {"values", values}})},
       {"locale", locale},
       {"to", to}});
}

void comes_back(const Doc& whole, const Doc& profile) {
  INFO(to_json(whole));
  CHECK(whole_frozen(left_to_profile(whole, profile), profile) == whole);
}

}  // namespace

TEST_CASE("address, language and values that the profile says are not kept twice") {
  const Doc values = Doc::record({{"amount", text("49 EUR")}, {"first_name", text("Ann")}});
  const Doc whole = message(text("ann@example.com"), text("en"), values);
  const Doc kept = left_to_profile(whole, kProfile);
  const std::string json = to_json(kept);
  CHECK(json.find("ann@example.com") == std::string::npos);
  CHECK(json.find("Ann") == std::string::npos);
  CHECK(json.find("locale") == std::string::npos);
  CHECK(json.find("49 EUR") != std::string::npos);
  CHECK(whole_frozen(kept, kProfile) == whole);
}

TEST_CASE("a frozen part comes back whole, whatever of it the profile says") {
  const std::vector<Doc> all_values = {
      Doc::empty_record(), Doc::record({{"first_name", text("Bea")}}),
      Doc::record({{"first_name", Doc()}, {"nothing", Doc()}}),
      Doc::record(
          {{"points", Doc::integer(7)}, {"locale", text("en")}, {"first_name", text("Ann")}}),
      Doc::record({{"email", text("ann@example.com")}})};
  for (const Doc& to : {text("ann@example.com"), text("bea@example.com"), text("Ann"), text("")})
    for (const Doc& locale : {text("en"), text("fr"), Doc()})
      for (const Doc& values : all_values)
        for (const Doc& profile : {kProfile, Doc(), Doc::empty_record()})
          comes_back(message(to, locale, values), profile);
  comes_back(Doc::record({{"op", text("add")}, {"data", Doc::empty_record()}}), kProfile);
  comes_back(Doc::empty_record(), kProfile);
}

TEST_CASE("of a profile with very many fields those behind the first are kept as they are") {
  std::vector<std::pair<std::string, Doc>> fields;
  for (int i = 10; i < 90; ++i)
    fields.emplace_back("f" + std::to_string(i), text("value " + std::to_string(i)));
  const Doc profile = Doc::record(fields);
  comes_back(message(text("value 12"), text("en"), profile), profile);
  comes_back(message(text("value 88"), text("en"), profile), profile);
  comes_back(message(text("value 40"), text("en"), profile), profile);  // the last that is seen
  comes_back(message(text("value 41"), text("en"), profile), profile);
}
