#include "net/circuit.h"

#include <catch2/catch.hpp>

using namespace relance;

namespace {

const CircuitLimits kLimits{3, seconds(1), seconds(4)};

void fail(Circuits& circuits, int times, Duration now) {
  for (int i = 0; i < times; ++i) circuits.failed("a", now);
}

}  // namespace

TEST_CASE("a circuit stays open to requests until so many connections failed in a row") {
  Circuits circuits(kLimits);
  fail(circuits, 2, seconds(10));
  CHECK(circuits.closed_for("a", seconds(10)) == Duration{});
  circuits.connected("a");
  fail(circuits, 2, seconds(11));
  CHECK(circuits.closed_for("a", seconds(11)) == Duration{});
  fail(circuits, 1, seconds(11));
  CHECK(circuits.closed_for("a", seconds(11)) == seconds(1));
}

TEST_CASE("the other hosts go on") {
  Circuits circuits(kLimits);
  fail(circuits, 3, seconds(10));
  CHECK(circuits.closed_for("b", seconds(10)) == Duration{});
}

TEST_CASE("after a pause one request goes as a trial, and each trial in vain doubles the pause") {
  Circuits circuits(kLimits);
  fail(circuits, 3, seconds(10));
  CHECK(circuits.closed_for("a", milliseconds(10'999)) == milliseconds(1));
  CHECK(circuits.closed_for("a", seconds(11)) == Duration{});
  CHECK(circuits.closed_for("a", seconds(11)) == seconds(1));  // the trial is under way
  circuits.failed("a", milliseconds(11'500));
  CHECK(circuits.closed_for("a", milliseconds(11'500)) == seconds(2));
  for (int64_t at = 20; at <= 40; at += 10) {
    REQUIRE(circuits.closed_for("a", seconds(at)) == Duration{});
    circuits.failed("a", seconds(at));
    CHECK(circuits.closed_for("a", seconds(at)) == seconds(4));  // the longest
  }
}

TEST_CASE("a trial that connects ends the pauses") {
  Circuits circuits(kLimits);
  fail(circuits, 3, seconds(10));
  REQUIRE(circuits.closed_for("a", seconds(11)) == Duration{});
  circuits.connected("a");
  CHECK(circuits.closed_for("a", seconds(11)) == Duration{});
  fail(circuits, 2, seconds(12));
  CHECK(circuits.closed_for("a", seconds(12)) == Duration{});
}

TEST_CASE("a trial that never ends holds nobody up for longer than another pause") {
  Circuits circuits(kLimits);
  fail(circuits, 3, seconds(10));
  REQUIRE(circuits.closed_for("a", seconds(11)) == Duration{});
  CHECK(circuits.closed_for("a", seconds(12)) == Duration{});
}

TEST_CASE("requests that had begun before a pause do not make it longer") {
  Circuits circuits(kLimits);
  fail(circuits, 30, seconds(10));
  CHECK(circuits.closed_for("a", seconds(10)) == seconds(1));
}
