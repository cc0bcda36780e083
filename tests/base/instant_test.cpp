#include "base/instant.h"

#include <catch2/catch.hpp>

using namespace relance;

TEST_CASE("sums of time saturate instead of overflowing") {
  CHECK(Instant::never() + hours(1) == Instant::never());
  CHECK(Instant::never() + hours(-1) == Instant::never());
  CHECK((Instant{INT64_MAX - 5} + hours(1)).is_never());
  CHECK(Instant{INT64_MIN + 5} - hours(1) == Instant::beginning());
  CHECK(Instant{1000} + seconds(2) == Instant{3000});
  CHECK(Instant{3000} - Instant{1000} == seconds(2));
}

TEST_CASE("RFC 3339 is read with any offset") {
  CHECK(parse_instant("1970-01-01T00:00:00Z")->ms == 0);
  CHECK(parse_instant("2026-01-05T08:00:00.250+01:00")->ms == 1767596400250);
  CHECK(*parse_instant("2026-01-05T07:00:00Z") == *parse_instant("2026-01-05T08:00:00+01:00"));
  CHECK(*parse_instant("2026-01-04T23:30:00-08:30") == *parse_instant("2026-01-05T08:00:00Z"));
  CHECK(parse_instant("1969-12-31t23:59:59.5z")->ms == -500);
  CHECK(parse_instant("2026-01-05T08:00:00.1239999Z")->ms % 1000 == 123);
  CHECK(parse_instant("2024-02-29T00:00:00Z").ok());
}

TEST_CASE("a leap second reads as the second before it") {
  CHECK(*parse_instant("2016-12-31T23:59:60Z") == *parse_instant("2016-12-31T23:59:59Z"));
}

TEST_CASE("what is not RFC 3339 is refused") {
  for (std::string_view wrong :
       {"", "2026-01-05", "2026-01-05T08:00:00", "2026-01-05 08:00:00Z", "2026-1-5T08:00:00Z",
        "2026-02-30T08:00:00Z", "2026-13-01T08:00:00Z", "2026-01-05T24:00:00Z",
        "2026-01-05T08:60:00Z", "2026-01-05T08:00:61Z", "2026-01-05T08:00:00.Z",
        "2026-01-05T08:00:00+1:00", "2026-01-05T08:00:00+24:00", "2026-01-05T08:00:00Zjunk",
        "2026-01-05T08:00Z", "2025-02-29T00:00:00Z"}) {
    CAPTURE(wrong);
    REQUIRE_FALSE(parse_instant(wrong).ok());
    CHECK(parse_instant(wrong).error().code == Code::invalid_text);
  }
}

TEST_CASE("instants print in UTC and read back the same") {
  for (std::string_view text :
       {"2026-01-05T08:00:00Z", "2026-01-05T08:00:00.250Z", "1969-12-31T23:59:59.999Z",
        "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"}) {
    CHECK(format_instant(*parse_instant(text)) == text);
  }
  CHECK(format_instant(Instant::never()) == "9999-12-31T23:59:59.999Z");
  CHECK(format_instant(Instant::beginning()) == "0000-01-01T00:00:00Z");
}

TEST_CASE("spans are told as people tell them") {
  CHECK(format_duration(hours(51)) == "2 d 3 h");
  CHECK(format_duration(hours(48)) == "48 h");
  CHECK(format_duration(days(3)) == "3 d");
  CHECK(format_duration(hours(1)) == "1 h");
  CHECK(format_duration(seconds(90)) == "90 s");
  CHECK(format_duration(minutes(90)) == "90 min");
  CHECK(format_duration(minutes(150)) == "2 h 30 min");
  CHECK(format_duration(milliseconds(250)) == "250 ms");
  CHECK(format_duration(days(40) + minutes(5)) == "40 d");
  CHECK(format_duration(milliseconds(61'234)) == "1 min 1 s");
  CHECK(format_duration({}) == "0 s");
  CHECK(format_duration(hours(-2)) == "-2 h");
  CHECK_FALSE(format_duration({INT64_MIN}).empty());
}
