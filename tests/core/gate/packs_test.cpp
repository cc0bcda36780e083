#include "core/gate/packs.h"

#include <set>

#include "ask.h"
#include "base/text.h"
#include "core/gate/holidays.h"

using namespace relance;
using namespace relance::test;

namespace {

Doc person_in(std::string_view country, std::string_view region, std::string_view phone,
              std::string_view timezone) {
  return Doc::record({{"country", Doc::text(country)},
                      {"region", Doc::text(region)},
                      {"phone", Doc::text(phone)},
                      {"timezone", Doc::text(timezone)}});
}

Doc american(std::string_view region) {
  return person_in("US", region, "+12125550132", "America/New_York");
}

// A call of that purpose to somebody in the US, on Monday 2026-01-05 at noon in New York.
Ask american_call(std::string_view region, Purpose purpose) {
  Ask ask;
  ask.use_pack("US");
  ask.purpose = purpose;
  ask.profile = american(region);
  ask.consented(ask.purpose);
  ask.now = at("2026-01-05T17:00:00Z");
  ask.run.expire_at = ask.now + days(90);
  return ask;
}

}  // namespace

TEST_CASE("every line of the packs is understood, and names its source") {
  std::set<std::string_view> names;
  for (const Pack& pack : all_packs()) {
    INFO(pack.name);
    CHECK(names.insert(pack.name).second);
    CHECK(pack.version == "2026-11");
    CHECK_FALSE(pack.lines.empty());
    for (const PackLine& line : pack.lines) {
      INFO(line.place << " " << line.rule << " " << line.value);
      CHECK(line.place.substr(0, 2) == pack.name);
      CHECK_FALSE(line.source.empty());
      if (line.rule == "holidays") CHECK(knows_holidays_of(line.value));
    }
    for (const PlaceRules& rules : pack.places)
      for (const WindowRule& rule : rules.windows) {
        CHECK(rule.from < rule.to);
        CHECK(rule.weekdays != 0);
      }
  }
  CHECK(find_pack("FR") != nullptr);
  CHECK(find_pack("fr") == nullptr);
}

TEST_CASE("the reference page of the packs says what the data say") {
  const auto page = read_file(RELANCE_SOURCE_DIR "/docs/reference/packs.md");
  REQUIRE(page);
  for (const Pack& pack : all_packs()) {
    CHECK(page->find(pack.name + " " + pack.version) != std::string::npos);
    for (const PackLine& line : pack.lines) {
      const std::string since(line.since.empty() ? "-" : line.since);
      std::string row = "| " + std::string(line.place) + " | " + std::string(line.rule) + " | " +
                        std::string(line.purpose) + " | " + std::string(line.kinds) + " | " +
                        std::string(line.value) + " | " + since + " | " + std::string(line.source) +
                        " |";
      if (page->find(row) == std::string::npos) FAIL_CHECK("the page lacks this line:\n" << row);
    }
  }
}

TEST_CASE("a French marketing call keeps to the hours, days and holidays of the decree") {
  Ask ask;
  ask.use_pack("FR");
  ask.purpose = Purpose::marketing;
  ask.consented(ask.purpose);
  ask.run.expire_at = at("2026-12-31T00:00:00Z");
  const auto on = [&](std::string_view when) {
    ask.now = at(when);
    return ask.verdict();
  };
  CHECK(on("2026-01-05T08:59:59Z") == "hold outside_window 2026-01-05T09:00:00Z");  // 10:00
  CHECK(on("2026-01-05T11:59:59Z") == "allow");                                     // 12:59:59
  CHECK(on("2026-01-05T12:00:00Z") == "hold outside_window 2026-01-05T13:00:00Z");  // lunch
  CHECK(on("2026-01-05T18:59:59Z") == "allow");                                     // 19:59:59
  CHECK(on("2026-01-09T19:00:00Z") == "hold outside_window 2026-01-12T09:00:00Z");  // Friday 20:00
  CHECK(on("2026-05-14T10:00:00Z") == "hold quiet_day 2026-05-15T08:00:00Z");       // Ascension Day
  ask.channel = "email";
  CHECK(on("2026-05-14T10:00:00Z") == "allow");
  ask.channel = "voice";
  ask.overrides = {{"window", "she asked"}, {"cap", "she asked"}};  // lifts no law
  CHECK(on("2026-05-14T10:00:00Z") == "hold quiet_day 2026-05-15T08:00:00Z");
}

TEST_CASE(
    "in France nobody gets a fifth marketing call in 30 days, or one within 60 days of a no") {
  Ask ask;
  ask.use_pack("FR");
  ask.purpose = Purpose::marketing;
  ask.consented(ask.purpose);
  ask.run.expire_at = ask.now + days(90);
  ask.customer.touches_since = ask.now - days(90);
  for (const int ago : {29, 20, 10, 3})
    ask.touched(days(ago), "voice", Purpose::marketing).outcome = "no_answer";
  // The oldest of the four leaves the span a day from now.
  CHECK(ask.verdict() == "hold cap_reached 2026-01-06T11:00:00Z");
  ask.customer.touches.clear();
  ask.touched(days(20), "voice", Purpose::marketing).outcome = "refused";
  CHECK(ask.verdict() == "deny never_clears");  // 40 more days are more than two
  CHECK(ask.facts().find("recent_answer") != std::string::npos);
  ask.customer.touches.clear();
  ask.touched(days(59), "voice", Purpose::marketing).outcome = "refused";
  CHECK(ask.verdict() == "hold recent_answer 2026-01-06T11:00:00Z");
  ask.requested = true;
  CHECK(ask.verdict() == "allow");
}

TEST_CASE(
    "Reg F: at most seven recovery calls in seven days, none for a week after a conversation") {
  Ask ask = american_call("NY", Purpose::recovery);
  CHECK(ask.verdict() == "allow");
  for (int call = 0; call < 7; ++call)
    ask.touched(days(6) + hours(12) - hours(call), "voice").outcome = "no_answer";
  CHECK(ask.verdict() == "hold cap_reached 2026-01-06T13:00:00Z");  // in 12 hours, then at 8
  ask.customer.touches.clear();
  // She was reached on Wednesday: that day is the first of seven.
  Touch& call = ask.touched(days(5), "voice");
  call.outcome = "promised";
  CHECK(ask.verdict() == "hold recent_answer 2026-01-07T13:00:00Z");
  call.outcome = "voicemail";  // a voicemail is a call, but no conversation
  CHECK(ask.verdict() == "allow");
  call.channel_kind = "sms";
  call.outcome = "responded";
  CHECK(ask.verdict() == "allow");
}

TEST_CASE("an American number that names no state gets the strictest hours, a state its own") {
  const auto on_sunday = [](std::string_view region) {
    Ask ask = american_call(region, Purpose::marketing);
    ask.now = at("2026-01-04T14:30:00Z");  // Sunday 09:30 in New York
    return ask.verdict();
  };
  CHECK(on_sunday("") == "hold outside_window 2026-01-04T17:00:00Z");       // 12:00
  CHECK(on_sunday("NY") == "allow");                                        // federal hours
  CHECK(on_sunday("US-TX") == "hold outside_window 2026-01-04T17:00:00Z");  // 12:00
  CHECK(on_sunday("PA") == "hold outside_window 2026-01-04T18:30:00Z");     // 13:30
  CHECK(on_sunday("LA") == "hold outside_window 2026-01-05T13:00:00Z");     // not on Sundays
  CHECK(on_sunday("KY") == "hold outside_window 2026-01-04T15:00:00Z");     // 10:00
}

TEST_CASE("a pack concerns who is in its country, or may be", "[S1-44]") {
  Ask ask;
  ask.use_pack("US");
  ask.now = at("2026-01-05T06:00:00Z");  // 07:00 in Paris: too early for Reg F
  CHECK(ask.verdict() == "allow");       // a French number
  ask.profile = person_in("", "", "", "Europe/Paris");
  ask.channel = "email";
  ask.profile = Doc::merged(ask.profile, Doc::record({{"email", Doc::text("ada@example.com")}}));
  CHECK(ask.verdict() == "hold outside_window 2026-01-05T07:00:00Z");  // nobody knows where
  ask.profile = Doc::merged(ask.profile, Doc::record({{"country", Doc::text("FR")}}));
  CHECK(ask.verdict() == "allow");
  ask.profile = Doc::merged(ask.profile, Doc::record({{"phone", Doc::text("+12125550132")}}));
  CHECK(ask.verdict() == "hold outside_window 2026-01-05T07:00:00Z");  // address and number count
  const auto in_us = [](std::string_view phone) {
    return whereabouts_of(person_in("", "", phone, "")).may_be_in(*find_pack("US"));
  };
  CHECK(in_us("+14155550132"));
  CHECK(in_us("+18005550132"));        // free-phone: somewhere in North America
  CHECK_FALSE(in_us("+14165550132"));  // Toronto
  CHECK_FALSE(in_us("+18765550132"));  // Jamaica
  CHECK_FALSE(in_us("+33612345678"));
}

TEST_CASE("a pack only tightens: hours of contact.lua hold beside it") {
  Ask ask = american_call("NY", Purpose::recovery);
  ask.rules.windows = {window("voice", "10:00", "18:00")};
  ask.now = at("2026-01-05T14:00:00Z");  // 09:00
  CHECK(ask.verdict() == "hold outside_window 2026-01-05T15:00:00Z");
  ask.overrides = {{"window", "agreed"}};
  CHECK(ask.verdict() == "allow");
  ask.now = at("2026-01-05T12:00:00Z");  // 07:00
  CHECK(ask.verdict() == "hold outside_window 2026-01-05T13:00:00Z");
  CHECK(ask.facts().find("US 2026-11") != std::string::npos);
}

TEST_CASE("a rule that is not yet in force does not hold") {
  const Pack& india = *find_pack("IN");
  const Whereabouts there = whereabouts_of(person_in("IN", "", "", ""));
  size_t before = 0, after = 0;
  for (const PlaceRules& rules : india.places) {
    before += there.concerned_by(india, rules, *parse_date("2022-08-11")) ? 1 : 0;
    after += there.concerned_by(india, rules, *parse_date("2022-08-12")) ? 1 : 0;
  }
  CHECK(after == before + 1);
}
