#include "script/read_places.h"

#include <catch2/catch.hpp>

#include "core/gate/packs.h"
#include "script/reading_contact.h"

namespace relance {
namespace {

Date date(const char* text) { return parse_date(text).value(); }

}  // namespace

TEST_CASE("Quiet days, packs, the self-cure hold and openings are read as they are written") {
  const Contact contact(R"(
return contact {
  quiet_days = {
    { holidays = "FR" },
    { dates = { "2026-12-31", "2026-12-24" }, channel = "voice", purpose = "marketing" },
  },
  self_cure = hours(2),
  opening = { spread = minutes(30), apart = hours(48), others = "drop" },
  packs = { "FR", "US", "FR" },
}
)");
  CHECK(contact.problems.empty());
  const ContactRules& rules = contact.rules;
  REQUIRE(rules.quiet_days.size() == 2);
  CHECK(rules.quiet_days[0] == QuietDayRule{{}, "FR", {}});
  const QuietDayRule& days_of_year = rules.quiet_days[1];
  CHECK(days_of_year.scope == RuleScope{"voice", Purpose::marketing});
  CHECK(days_of_year.dates == std::vector<Date>{date("2026-12-24"), date("2026-12-31")});
  CHECK(rules.self_cure == hours(2));
  CHECK(rules.opening == OpeningRule{minutes(30), hours(48), true});
  CHECK(rules.packs == std::vector<const Pack*>{find_pack("FR"), find_pack("US")});
  CHECK(rules.longest_look_back() >= days(60));  // after a French refusal
}

TEST_CASE("An opening without anything else keeps a day between touches") {
  const Contact contact("return contact { opening = {} }");
  CHECK(contact.problems.empty());
  CHECK(contact.rules.opening == OpeningRule{Duration{}, hours(24), false});
}

TEST_CASE("Do-not-call files stand beside the words that suppress") {
  const Contact one(R"(return contact { suppress = { "opted_out", do_not_call = "dnc.csv" } })");
  CHECK(one.problems.empty());
  CHECK(one.rules.suppress_on == std::vector<std::string>{"opted_out"});
  CHECK(one.rules.do_not_call == std::vector<DoNotCallRule>{{"dnc.csv", {}}});
  const Contact two(R"(return contact { suppress = { do_not_call = {
    { file = "own.csv" }, { file = "bloctel.csv", purpose = "marketing" } } } })");
  CHECK(two.problems.empty());
  CHECK(two.rules.do_not_call ==
        std::vector<DoNotCallRule>{{"own.csv", {}}, {"bloctel.csv", Purpose::marketing}});
}

TEST_CASE("Every slip of time and place stands at its line") {
  const Contact contact(R"(return contact {
  quiet_days = {
    { holidays = "FRA" },
    { dates = { "24.12.2026" } },
    { channel = "voice" },
  },
  self_cure = days(30),
  packs = { "France" },
  opening = { spread = days(2), others = "wait_a_bit" },
  suppress = { do_not_cal = "dnc.csv" },
}
)");
  for (const char* problem :
       {"contact.lua:3: error E0151: there is no table of holidays for 'FRA'",
        "contact.lua:4: error E0209: '24.12.2026' is not a date",
        "contact.lua:5: error E0108: a quiet day wants 'holidays' or 'dates'",
        "contact.lua:7: error E0126: 'self_cure' must be from nothing to 7 days",
        "contact.lua:8: error E0150: there is no pack 'France'",
        "contact.lua:9: error E0126: there is no way 'wait_a_bit'",
        "contact.lua:9: error E0126: 'spread' must be from nothing to 12 hours",
        "contact.lua:10: error E0105: 'suppress' has no field 'do_not_cal'"}) {
    INFO(contact.problems);
    CHECK(contact.problems.find(problem) != std::string::npos);
  }
}

}  // namespace relance
