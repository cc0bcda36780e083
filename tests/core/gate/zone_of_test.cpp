#include "core/gate/zone_of.h"

#include "ask.h"
#include "core/gate/phone_zones.h"

using namespace relance;
using namespace relance::test;

namespace {

// "phone: America/Boise America/Los_Angeles"
std::string guess(std::string_view profile_zone, std::string_view phone,
                  std::string_view bundle = "Europe/Paris") {
  const ZoneGuess guess = guess_zone(profile_zone, phone, zone(bundle));
  std::string text(zone_source_name(guess.source));
  text += ':';
  for (const Zone* each : guess.candidates) text += ' ' + std::string(each->name());
  return text;
}

}  // namespace

TEST_CASE("the profile's zone goes before the number, the number before the bundle") {
  CHECK(guess("America/Lima", "+33612345678") == "profile: America/Lima");
  CHECK(guess("Somewhere/Else", "+48601234567") == "phone: Europe/Warsaw");
  CHECK(guess("", "+81312345678") == "phone: Asia/Tokyo");
  CHECK(guess("", "") == "bundle: Europe/Paris");
  CHECK(guess("", "+88012345678") == "phone: Asia/Dhaka");
  CHECK(guess("", "+8811234567") == "bundle: Europe/Paris");  // a satellite phone may be anywhere
}

TEST_CASE("a zone name that is wrong is passed over each time it comes") {
  for (int i = 0; i < 20; ++i) {
    CHECK(guess("GMT plus one", "") == "bundle: Europe/Paris");
    CHECK(guess("Mars/" + std::to_string(i), "+4930901820") == "phone: Europe/Berlin");
  }
}

TEST_CASE("the longest prefix tells the zone") {
  CHECK(guess("", "+14155550132") == "phone: America/Los_Angeles");
  CHECK(guess("", "+12125550132") == "phone: America/New_York");
  CHECK(guess("", "+13125550132") == "phone: America/Chicago");
  CHECK(guess("", "+18085550132") == "phone: Pacific/Honolulu");
  CHECK(guess("", "+15145550132") == "phone: America/Toronto");
  CHECK(guess("", "+12425550132") == "phone: America/Nassau");
  CHECK(guess("", "+5511987654321") == "phone: America/Sao_Paulo");
  CHECK(guess("", "+61731234567") == "phone: Australia/Brisbane");
  CHECK(guess("", "+61755361234") == "phone: Australia/Brisbane Australia/Sydney");
  CHECK(guess("", "+56322100000") == "phone: America/Santiago Pacific/Easter");
  CHECK(guess("", "+77011234567") == "phone: Asia/Almaty");
  CHECK(guess("", "+74951234567") == "phone: Europe/Moscow");
  CHECK(guess("", "+34928123456") == "phone: Atlantic/Canary");
  CHECK(guess("", "+351291123456") == "phone: Atlantic/Madeira");
}

TEST_CASE("a prefix that straddles zones gives all of them") {
  CHECK(guess("", "+12085550132") == "phone: America/Boise America/Los_Angeles");
  CHECK(guess("", "+34612345678") == "phone: Europe/Madrid Atlantic/Canary");
  CHECK(zones_of_phone("+18005550132").size() == 13);  // free-phone: all of the US and Canada
  CHECK(zones_of_phone("+61412345678").size() == 5);
}

TEST_CASE("of a customer of whom nothing is known all clocks of the bundle's country count",
          "[S1-44]") {
  CHECK(guess("", "", "Europe/Madrid") == "unknown: Europe/Madrid Atlantic/Canary");
  CHECK(guess_zone("", "", zone("America/Detroit")).candidates.size() == 7);
  CHECK(guess_zone("", "", zone("America/Detroit")).source == ZoneSource::unknown);
  CHECK(guess_zone("", "", Zone::utc()).candidates.front() == &Zone::utc());
}

TEST_CASE("no number leads beyond the table") {
  CHECK(zones_of_phone("").empty());
  CHECK(zones_of_phone("+").empty());
  CHECK(zones_of_phone("33612345678").empty());
  CHECK(zones_of_phone("+x33").empty());
  CHECK(zones_of_phone("+33").size() == 1);
  CHECK(zones_of_phone("+999999999999999").empty());
}

TEST_CASE("the zone of a profile is read from its fields, a wrong number is no evidence") {
  const Doc none = Doc::record({{"phone", Doc::text("1 234")}});
  CHECK(zone_of_profile(none, zone("Europe/Rome")).source == ZoneSource::bundle);
  const Doc number = Doc::record({{"phone", Doc::text("0048 601 234 567")}});
  CHECK(zone_of_profile(number, zone("Europe/Rome")).candidates.front()->name() == "Europe/Warsaw");
  CHECK(zone_of_profile(DocView(), zone("Europe/Rome")).candidates.front() == &zone("Europe/Rome"));
}
