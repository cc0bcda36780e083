#include "core/gate/window.h"

#include "ask.h"

using namespace relance;
using namespace relance::test;

namespace {

ZoneGuess in(std::initializer_list<std::string_view> names) {
  ZoneGuess guess;
  for (std::string_view name : names) guess.candidates.push_back(&zone(name));
  return guess;
}

std::string opening(std::string_view from, const std::vector<WindowRule>& rules,
                    const ZoneGuess& zones, Purpose purpose = Purpose::recovery) {
  const Instant opens_at = next_opening(at(from), rules, "voice", purpose, zones);
  return opens_at.is_never() ? "never" : format_instant(opens_at);
}

const std::vector<WindowRule> kNineToNine = {window("voice", "09:00", "21:00")};

// 09:00 to 21:00 at one day: the edges in UTC, and the next day's opening.
struct Day {
  const char* zone;
  const char* opens;
  const char* shuts;
  const char* opens_again;
};

// Written down from the zones' published rules, not computed.
constexpr Day kDays[] = {
    {"Europe/Paris", "2026-01-05T08:00:00Z", "2026-01-05T20:00:00Z", "2026-01-06T08:00:00Z"},
    {"Asia/Kolkata", "2026-01-05T03:30:00Z", "2026-01-05T15:30:00Z", "2026-01-06T03:30:00Z"},
    {"Pacific/Auckland", "2026-01-04T20:00:00Z", "2026-01-05T08:00:00Z", "2026-01-05T20:00:00Z"},
    {"Pacific/Honolulu", "2026-01-05T19:00:00Z", "2026-01-06T07:00:00Z", "2026-01-06T19:00:00Z"},
    // the eve of the change, the day of the change
    {"Europe/Paris", "2026-03-28T08:00:00Z", "2026-03-28T20:00:00Z", "2026-03-29T07:00:00Z"},
    {"Europe/Paris", "2026-03-29T07:00:00Z", "2026-03-29T19:00:00Z", "2026-03-30T07:00:00Z"},
    {"Europe/Paris", "2026-10-24T07:00:00Z", "2026-10-24T19:00:00Z", "2026-10-25T08:00:00Z"},
    {"Europe/Paris", "2026-10-25T08:00:00Z", "2026-10-25T20:00:00Z", "2026-10-26T08:00:00Z"},
    {"America/New_York", "2026-03-07T14:00:00Z", "2026-03-08T02:00:00Z", "2026-03-08T13:00:00Z"},
    {"America/New_York", "2026-03-08T13:00:00Z", "2026-03-09T01:00:00Z", "2026-03-09T13:00:00Z"},
    {"America/New_York", "2026-10-31T13:00:00Z", "2026-11-01T01:00:00Z", "2026-11-01T14:00:00Z"},
    {"America/New_York", "2026-11-01T14:00:00Z", "2026-11-02T02:00:00Z", "2026-11-02T14:00:00Z"},
    {"Australia/Lord_Howe", "2026-04-03T22:00:00Z", "2026-04-04T10:00:00Z", "2026-04-04T22:30:00Z"},
    {"Australia/Lord_Howe", "2026-04-04T22:30:00Z", "2026-04-05T10:30:00Z", "2026-04-05T22:30:00Z"},
    {"Australia/Lord_Howe", "2026-10-02T22:30:00Z", "2026-10-03T10:30:00Z", "2026-10-03T22:00:00Z"},
    {"Australia/Lord_Howe", "2026-10-03T22:00:00Z", "2026-10-04T10:00:00Z", "2026-10-04T22:00:00Z"},
};

// What the rule says, minute by minute, without any search.
bool shows_inside(const WindowRule& rule, const Zone& zone, Instant at) {
  const Local local = zone.local(at);
  const int minute = local.second_of_day / 60;
  const int yesterday = (local.weekday + 5) % 7;  // bit
  const bool today = rule.weekdays & (1 << (local.weekday - 1));
  if (rule.from < rule.to) return today && minute >= rule.from.minutes && minute < rule.to.minutes;
  return (today && minute >= rule.from.minutes) ||
         (rule.weekdays & (1 << yesterday) && minute < rule.to.minutes);
}

}  // namespace

TEST_CASE("nobody is called before 9 or after 9 of the own clock, to the second",
          "[S1-44][S1-72]") {
  for (const Day& day : kDays) {
    INFO(day.zone << " " << day.opens);
    const ZoneGuess zones = in({day.zone});
    const auto next = [&](Instant from) {
      return format_instant(next_opening(from, kNineToNine, "voice", Purpose::recovery, zones));
    };
    const Instant opens = at(day.opens);
    const Instant shuts = at(day.shuts);
    CHECK(next(opens - seconds(1)) == day.opens);                           // 08:59:59
    CHECK(next(opens - milliseconds(1)) == day.opens);                      // 08:59:59.999
    CHECK(next(opens) == day.opens);                                        // 09:00:00
    CHECK(next(shuts - seconds(1)) == format_instant(shuts - seconds(1)));  // 20:59:59
    CHECK(next(shuts) == day.opens_again);                                  // 21:00:00
    CHECK(next(shuts + hours(2)) == day.opens_again);
  }
}

TEST_CASE("with several possible zones it must be allowed in all of them", "[S1-44]") {
  const ZoneGuess coasts = in({"America/New_York", "America/Los_Angeles"});
  // 09:00 in Los Angeles is 12:00 in New York; New York shuts at 21:00.
  CHECK(opening("2026-01-05T14:00:00Z", kNineToNine, coasts) == "2026-01-05T17:00:00Z");
  CHECK(opening("2026-01-05T16:59:59Z", kNineToNine, coasts) == "2026-01-05T17:00:00Z");
  CHECK(opening("2026-01-06T01:59:59Z", kNineToNine, coasts) == "2026-01-06T01:59:59Z");
  CHECK(opening("2026-01-06T02:00:00Z", kNineToNine, coasts) == "2026-01-06T17:00:00Z");
  // Half a day apart they never agree.
  CHECK(opening("2026-01-05T14:00:00Z", kNineToNine, in({"Pacific/Auckland", "Europe/Madrid"})) ==
        "never");
}

TEST_CASE("a rule that does not cover the touch does not restrict it") {
  const ZoneGuess paris = in({"Europe/Paris"});
  CHECK(opening("2026-01-05T03:00:00Z", {}, paris) == "2026-01-05T03:00:00Z");
  CHECK(opening("2026-01-05T03:00:00Z", {window("sms", "09:00", "21:00")}, paris) ==
        "2026-01-05T03:00:00Z");
  WindowRule marketing = window("", "10:00", "20:00", kMondayToFriday);
  marketing.scope.purpose = Purpose::marketing;
  CHECK(opening("2026-01-04T12:00:00Z", {marketing}, paris) == "2026-01-04T12:00:00Z");
  CHECK(opening("2026-01-04T12:00:00Z", {marketing}, paris, Purpose::marketing) ==
        "2026-01-05T09:00:00Z");
}

TEST_CASE("windows of different scope intersect, windows of equal scope unite") {
  const ZoneGuess paris = in({"Europe/Paris"});
  WindowRule marketing = window("", "10:00", "20:00", kMondayToFriday);
  marketing.scope.purpose = Purpose::marketing;
  const std::vector<WindowRule> both = {window("voice", "09:00", "21:00"), marketing};
  CHECK(opening("2026-01-05T07:00:00Z", both, paris, Purpose::marketing) == "2026-01-05T09:00:00Z");
  CHECK(opening("2026-01-09T19:30:00Z", both, paris, Purpose::marketing) == "2026-01-12T09:00:00Z");

  const std::vector<WindowRule> halves = {window("voice", "10:00", "13:00", kMondayToFriday),
                                          window("voice", "14:00", "20:00", kMondayToFriday)};
  CHECK(opening("2026-01-05T11:59:59Z", halves, paris) == "2026-01-05T11:59:59Z");
  CHECK(opening("2026-01-05T12:00:00Z", halves, paris) == "2026-01-05T13:00:00Z");
  CHECK(opening("2026-01-09T19:00:00Z", halves, paris) == "2026-01-12T09:00:00Z");
  CHECK(window_text(halves, "voice", Purpose::recovery) ==
        "10:00-13:00 mon-fri or 14:00-20:00 mon-fri");
  CHECK(window_text(both, "voice", Purpose::marketing) == "09:00-21:00 and 10:00-20:00 mon-fri");
  CHECK(window_text(both, "email", Purpose::recovery).empty());
  CHECK(window_text({{window("sms", "08:00", "24:00", 0x23)}}, "sms", Purpose::service) ==
        "08:00-24:00 mon,tue,sat");
}

TEST_CASE("a window over midnight belongs to the day on which it opens") {
  const ZoneGuess paris = in({"Europe/Paris"});
  const std::vector<WindowRule> friday_night = {window("voice", "22:00", "02:00", 0x10)};
  CHECK(opening("2026-01-09T20:59:00Z", friday_night, paris) == "2026-01-09T21:00:00Z");
  CHECK(opening("2026-01-10T00:59:59Z", friday_night, paris) == "2026-01-10T00:59:59Z");
  CHECK(opening("2026-01-10T01:00:00Z", friday_night, paris) == "2026-01-16T21:00:00Z");
  CHECK(opening("2026-01-09T00:30:00Z", friday_night, paris) == "2026-01-09T21:00:00Z");
  const std::vector<WindowRule> always = {window("voice", "00:00", "24:00")};
  CHECK(opening("2026-01-09T23:00:00Z", always, paris) == "2026-01-09T23:00:00Z");
  const std::vector<WindowRule> all_day = {window("voice", "09:00", "09:00")};
  CHECK(opening("2026-01-09T08:00:00Z", all_day, paris) == "2026-01-09T08:00:00Z");
}

TEST_CASE("windows that can never be met say so") {
  const ZoneGuess paris = in({"Europe/Paris"});
  CHECK(opening("2026-01-05T12:00:00Z", {window("voice", "09:00", "21:00", 0)}, paris) == "never");
  CHECK(opening("2026-01-05T12:00:00Z",
                {window("voice", "09:00", "12:00"), window("", "12:00", "18:00")},
                paris) == "never");
}

TEST_CASE("daylight saving: an opening that the clock leaves out is met after the gap", "[S1-44]") {
  // Paris leaves out 02:00-03:00 on 2026-03-29.
  const ZoneGuess paris = in({"Europe/Paris"});
  const std::vector<WindowRule> early = {window("voice", "02:30", "04:00")};
  CHECK(opening("2026-03-29T00:30:00Z", early, paris) == "2026-03-29T01:00:00Z");
  const std::vector<WindowRule> swallowed = {window("voice", "02:15", "02:45")};
  CHECK(opening("2026-03-29T00:30:00Z", swallowed, paris) == "2026-03-30T00:15:00Z");
}

TEST_CASE("daylight saving: a repeated hour is inside both times", "[S1-44]") {
  // Paris shows 02:00-03:00 twice on 2026-10-25: from 00:00Z and from 01:00Z.
  const ZoneGuess paris = in({"Europe/Paris"});
  const std::vector<WindowRule> night = {window("voice", "01:00", "02:30")};
  CHECK(opening("2026-10-25T00:29:59Z", night, paris) == "2026-10-25T00:29:59Z");
  CHECK(opening("2026-10-25T00:30:00Z", night, paris) == "2026-10-25T01:00:00Z");
  CHECK(opening("2026-10-25T01:30:00Z", night, paris) == "2026-10-26T00:00:00Z");
  const std::vector<WindowRule> late = {window("voice", "02:30", "05:00")};
  CHECK(opening("2026-10-25T00:00:00Z", late, paris) == "2026-10-25T00:30:00Z");
  CHECK(opening("2026-10-25T01:00:00Z", late, paris) == "2026-10-25T01:30:00Z");
}

TEST_CASE("the search agrees with the clock, minute by minute, over every change of 2026",
          "[S1-44]") {
  struct Change {
    const char* zone;
    const char* from;
  };
  const Change changes[] = {
      {"Europe/Paris", "2026-03-28T12:00:00Z"},
      {"Europe/Paris", "2026-10-24T12:00:00Z"},
      {"America/New_York", "2026-03-07T12:00:00Z"},
      {"America/New_York", "2026-10-31T12:00:00Z"},
      {"Australia/Lord_Howe", "2026-04-04T03:00:00Z"},
      {"Australia/Lord_Howe", "2026-10-03T03:00:00Z"},
      {"Atlantic/Azores", "2026-10-24T12:00:00Z"},  // shows midnight twice
      {"Africa/Cairo", "2026-04-23T12:00:00Z"},     // leaves midnight out
  };
  const WindowRule rules[] = {
      window("voice", "09:00", "21:00"),       window("voice", "01:45", "02:15"),
      window("voice", "02:10", "02:20"),       window("voice", "22:30", "01:30", 0x60),
      window("voice", "00:00", "24:00", 0x20), window("voice", "23:15", "24:00", 0x38),
      window("voice", "02:00", "02:00", 0x41), window("voice", "00:30", "01:50", 0x70),
  };
  for (const Change& change : changes) {
    for (const WindowRule& rule : rules) {
      const ZoneGuess zones = in({change.zone});
      Instant expected = Instant::never();
      const Instant first = at(change.from);
      for (Instant now = first + days(2); now >= first; now = now - minutes(1)) {
        if (shows_inside(rule, zone(change.zone), now)) expected = now;
        if (expected.is_never()) continue;  // the next opening lies beyond what was looked at
        const Instant found = next_opening(now, {&rule, 1}, "voice", Purpose::service, zones);
        if (found == expected) continue;
        FAIL(change.zone << " " << format_instant(now) << ": found " << format_instant(found)
                         << ", expected " << format_instant(expected));
      }
      CHECK_FALSE((expected.is_never() && rule.weekdays == 0x7f));
    }
  }
}
