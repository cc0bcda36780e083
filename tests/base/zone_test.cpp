#include "base/zone.h"

#include <catch2/catch.hpp>

using namespace relance;

namespace {

const Zone& zone(std::string_view name) {
  const Result<const Zone*> found = Zone::find(name);
  REQUIRE(found.ok());
  return **found;
}

Instant at(std::string_view text) { return *parse_instant(text); }
Date date(std::string_view text) { return *parse_date(text); }
TimeOfDay time_of(std::string_view text) { return *parse_time_of_day(text); }

std::string clock_of(const Zone& zone, Instant at) {
  const Local local = zone.local(at);
  return format_date(local.date) + " " + format_time_of_day({local.second_of_day / 60});
}

std::string instant_of(std::string_view name, std::string_view day, std::string_view time) {
  return format_instant(zone(name).instant(date(day), time_of(time)));
}

std::string next_of(std::string_view name, std::string_view from, std::string_view time) {
  return format_instant(zone(name).next(at(from), time_of(time)));
}

}  // namespace

TEST_CASE("a zone that does not exist is refused with a suggestion") {
  const Result<const Zone*> found = Zone::find("Europe/Pariss");
  REQUIRE_FALSE(found.ok());
  CHECK(found.error().code == Code::unknown_zone);
  CHECK(found.error().hint == "did you mean 'Europe/Paris'?");
  CHECK_FALSE(Zone::find("").ok());
  CHECK_FALSE(Zone::find("../../etc/passwd").ok());
}

TEST_CASE("a zone is found once and keeps its address") {
  CHECK(*Zone::find("Europe/Paris") == *Zone::find("Europe/Paris"));
  CHECK(*Zone::find("UTC") == &Zone::utc());
  CHECK(Zone::utc().name() == "UTC");
  CHECK(zone("Asia/Kathmandu").name() == "Asia/Kathmandu");
}

TEST_CASE("the local clock follows summer and winter") {
  CHECK(clock_of(zone("Europe/Paris"), at("2026-01-05T08:00:00Z")) == "2026-01-05 09:00");
  CHECK(clock_of(zone("Europe/Paris"), at("2026-07-05T08:00:00Z")) == "2026-07-05 10:00");
  CHECK(clock_of(zone("Asia/Kathmandu"), at("2026-01-05T20:00:00Z")) == "2026-01-06 01:45");
  CHECK(clock_of(zone("America/New_York"), at("2026-01-05T02:00:00Z")) == "2026-01-04 21:00");
  CHECK(clock_of(Zone::utc(), at("1969-12-31T23:59:59.999Z")) == "1969-12-31 23:59");
}

TEST_CASE("weekdays count from Monday 1 to Sunday 7") {
  CHECK(Zone::utc().local(at("1970-01-01T00:00:00Z")).weekday == 4);
  CHECK(Zone::utc().local(at("2026-01-05T12:00:00Z")).weekday == 1);
  CHECK(Zone::utc().local(at("2026-01-04T12:00:00Z")).weekday == 7);
  CHECK(Zone::utc().local(at("1900-01-01T12:00:00Z")).weekday == 1);
}

TEST_CASE("a local time in a gap is the first instant after the gap") {
  CHECK(instant_of("Europe/Paris", "2026-03-29", "02:30") == "2026-03-29T01:00:00Z");
  CHECK(instant_of("Europe/Paris", "2026-03-29", "01:59") == "2026-03-29T00:59:00Z");
  CHECK(instant_of("Europe/Paris", "2026-03-29", "03:00") == "2026-03-29T01:00:00Z");
  CHECK(instant_of("America/New_York", "2026-03-08", "02:30") == "2026-03-08T07:00:00Z");
  CHECK(instant_of("Australia/Lord_Howe", "2026-10-04", "02:15") == "2026-10-03T15:30:00Z");
  CHECK(instant_of("Africa/Cairo", "2026-04-24", "00:30") == "2026-04-23T22:00:00Z");
  CHECK(instant_of("Pacific/Apia", "2011-12-30", "12:00") == "2011-12-30T10:00:00Z");
}

TEST_CASE("a local time in a fold is its first occurrence") {
  CHECK(instant_of("Europe/Paris", "2026-10-25", "02:30") == "2026-10-25T00:30:00Z");
  CHECK(instant_of("Europe/Paris", "2026-10-25", "03:00") == "2026-10-25T02:00:00Z");
  CHECK(instant_of("America/New_York", "2026-11-01", "01:30") == "2026-11-01T05:30:00Z");
  CHECK(instant_of("Australia/Lord_Howe", "2026-04-05", "01:45") == "2026-04-04T14:45:00Z");
}

TEST_CASE("24:00 is the midnight at the end of the day") {
  CHECK(instant_of("Europe/Paris", "2026-01-05", "24:00") == "2026-01-05T23:00:00Z");
  CHECK(next_of("Europe/Paris", "2026-01-05T08:00:00Z", "24:00") == "2026-01-05T23:00:00Z");
}

TEST_CASE("next is now when the clock shows that time already") {
  CHECK(next_of("Europe/Paris", "2026-01-05T08:00:00Z", "09:00") == "2026-01-05T08:00:00Z");
  CHECK(next_of("Europe/Paris", "2026-01-05T08:00:00.001Z", "09:00") == "2026-01-06T08:00:00Z");
  CHECK(next_of("America/New_York", "2026-01-05T02:00:00Z", "20:30") == "2026-01-06T01:30:00Z");
}

TEST_CASE("next keeps the wall-clock time across a change of the clock") {
  CHECK(next_of("Europe/Paris", "2026-03-28T12:00:00Z", "09:00") == "2026-03-29T07:00:00Z");
  CHECK(next_of("Europe/Paris", "2026-10-24T12:00:00Z", "09:00") == "2026-10-25T08:00:00Z");
  CHECK(next_of("Europe/Paris", "2026-03-28T12:00:00Z", "02:30") == "2026-03-29T01:00:00Z");
}

TEST_CASE("within a fold next finds the second occurrence") {
  CHECK(next_of("Europe/Paris", "2026-10-25T00:45:00Z", "02:30") == "2026-10-25T01:30:00Z");
  CHECK(next_of("Europe/Paris", "2026-10-25T01:31:00Z", "02:30") == "2026-10-26T01:30:00Z");
}

TEST_CASE("every hour of two years goes to local time and back") {
  for (std::string_view name :
       {"Europe/Paris", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Tokyo"}) {
    const Zone& z = zone(name);
    int differing = 0;
    for (Instant t = at("2025-01-01T00:00:00Z"); t < at("2027-01-01T00:00:00Z"); t = t + hours(1)) {
      const Local local = z.local(t);
      if (z.instant(local.date, local.second_of_day) != t) ++differing;
    }
    // Only second occurrences in the folds of the two autumns differ.
    CAPTURE(name);
    CHECK(differing <= 2);
  }
}

TEST_CASE("far instants count as the nearest end of the calendar") {
  const Zone& paris = zone("Europe/Paris");
  CHECK(paris.local(Instant::never()).date >= date("9999-12-31"));
  CHECK(paris.local(Instant::beginning()).date <= date("0000-01-01"));
  CHECK(paris.next(Instant::never(), {540}).is_never());
  CHECK(paris.next(Instant{INT64_MAX - 1}, {540}).is_never());
}

TEST_CASE("times of day and dates are read strictly") {
  CHECK(time_of("09:05").minutes == 545);
  CHECK(time_of("24:00").minutes == 1440);
  CHECK(format_time_of_day({1440}) == "24:00");
  for (std::string_view wrong : {"", "9:00", "24:01", "12:60", "1200", "12:00:00", "-1:00"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_time_of_day(wrong).ok());
  }
  CHECK(date("1970-01-01").days == 0);
  CHECK(format_date(date("2024-02-29")) == "2024-02-29");
  CHECK(format_date({INT32_MAX}) == "9999-12-31");
  for (std::string_view wrong :
       {"", "2025-02-29", "2026-00-01", "2026-1-01", "26-01-01", "2026/01/01"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_date(wrong).ok());
  }
}

TEST_CASE("the version of the zone data has the form of the year and a letter") {
  const std::string version = zone_data_version();
  const bool known = version.size() == 5 && version.starts_with("20");
  CHECK((known || version == "unknown"));
}
