#include "core/gate/quiet_days.h"

#include "ask.h"
#include "core/gate/holidays.h"

using namespace relance;
using namespace relance::test;

namespace {

Date date(std::string_view text) { return *parse_date(text); }

std::string holiday(std::string_view place, std::string_view day) {
  return std::string(holiday_at(place, date(day)));
}

QuietDayRule holidays(std::string place) { return {{}, std::move(place), {}}; }

}  // namespace

TEST_CASE("holidays fall on the days of their years, movable ones too") {
  // Easter Sunday is 2026-04-05 and 2027-03-28.
  CHECK(holiday("FR", "2026-04-06") == "Easter Monday");
  CHECK(holiday("FR", "2027-03-29") == "Easter Monday");
  CHECK(holiday("FR", "2026-05-14") == "Ascension Day");
  CHECK(holiday("FR", "2026-05-25") == "Whit Monday");
  CHECK(holiday("FR", "2026-07-14") == "National Day");
  CHECK(holiday("FR", "2026-07-15").empty());
  CHECK(holiday("FR", "2026-04-03").empty());  // Good Friday is one in Alsace-Moselle only
  CHECK(holiday("FR-57", "2026-04-03") == "Good Friday");
  CHECK(holiday("FR-57", "2026-07-14") == "National Day");
  CHECK(holiday("PL", "2026-06-04") == "Corpus Christi");
  CHECK(holiday("PL", "2025-12-24") == "Christmas Eve");
  CHECK(holiday("PL", "2024-12-24").empty());  // it became one in 2025
  CHECK(holiday("US", "2026-01-19") == "Martin Luther King Day");
  CHECK(holiday("US", "2026-05-25") == "Memorial Day");
  CHECK(holiday("US", "2027-05-31") == "Memorial Day");
  CHECK(holiday("US", "2026-11-26") == "Thanksgiving");
  CHECK(holiday("US-LA", "2026-11-26") == "Thanksgiving");
  CHECK(holiday("XX", "2026-12-25").empty());
  CHECK(knows_holidays_of("FR-57"));
  CHECK_FALSE(knows_holidays_of("XX"));
}

TEST_CASE("Easter falls on the Sundays the church published") {
  // From the tables of the Gregorian calendar.
  for (const char* sunday : {"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16",
                             "2029-04-01", "2030-04-21", "2035-03-25", "2038-04-25"})
    CHECK(holiday("PL", sunday) == "Easter Sunday");
}

TEST_CASE("on a quiet day of the customer's own calendar he is left alone") {
  Ask ask;
  ask.rules.windows = {window("voice", "09:00", "21:00")};
  ask.rules.quiet_days = {holidays("FR"), {{"voice", {}}, "", {date("2026-12-24")}}};
  ask.now = at("2026-05-14T10:00:00Z");  // Ascension Day in Paris
  ask.run.expire_at = ask.now + days(30);
  CHECK(ask.verdict() == "hold quiet_day 2026-05-15T07:00:00Z");
  CHECK(ask.facts().find("Ascension Day (FR)") != std::string::npos);
  // The day is over at midnight of his clock; the window then says 09:00.
  ask.now = at("2026-05-14T22:30:00Z");
  CHECK(ask.verdict() == "hold outside_window 2026-05-15T07:00:00Z");
  ask.now = at("2026-12-24T10:00:00Z");
  ask.run.expire_at = ask.now + days(30);
  CHECK(ask.verdict() == "hold quiet_day 2026-12-26T08:00:00Z");  // the 25th is a holiday
  ask.channel = "email";
  CHECK(ask.verdict() == "allow");  // the date concerns calls, the holiday is tomorrow
}

TEST_CASE("a flow may add quiet days, and an override of the window lifts both") {
  Ask ask;
  ask.tighten.quiet_days = {{{"", Purpose::recovery}, "", {date("2026-01-05")}}};
  CHECK(ask.verdict() == "hold quiet_day 2026-01-05T23:00:00Z");
  ask.purpose = Purpose::service;
  CHECK(ask.verdict() == "allow");
  ask.purpose = Purpose::recovery;
  ask.overrides = {{"window", "agreed with her"}};
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("with several possible zones no day may be quiet in any of them") {
  const std::vector<QuietDayRule> rules = {{{}, "", {date("2026-01-05")}}};
  const ZoneGuess coasts{{&zone("America/New_York"), &zone("America/Los_Angeles")},
                         ZoneSource::phone};
  const auto after = [&](std::string_view from) {
    return format_instant(after_quiet_days(at(from), rules, "voice", Purpose::service, coasts));
  };
  CHECK(after("2026-01-05T04:59:59Z") == "2026-01-05T04:59:59Z");  // still Sunday on both coasts
  CHECK(after("2026-01-05T05:00:00Z") == "2026-01-06T08:00:00Z");  // until it is over in the west
  CHECK(after("2026-01-06T07:59:59Z") == "2026-01-06T08:00:00Z");
}

TEST_CASE("a calendar of nothing but quiet days never opens") {
  QuietDayRule always{{}, "", {}};
  for (int day = 0; day < 60; ++day) always.dates.push_back({date("2026-01-01").days + day});
  const ZoneGuess paris{{&zone("Europe/Paris")}, ZoneSource::profile};
  CHECK(after_quiet_days(at("2026-01-05T12:00:00Z"), std::vector{always}, "sms", Purpose::service,
                         paris)
            .is_never());
}
