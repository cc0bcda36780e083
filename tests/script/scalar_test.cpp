#include "script/scalar.h"

#include <catch2/catch.hpp>

#include "functions.h"

namespace relance {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string value(const std::string& expression) { return Function::value(expression); }

}  // namespace

TEST_CASE("money compares and adds up in one currency only") {
  CHECK(Function("eur '49.00' == run.event.amount").result() == "true");
  CHECK(Function("run.event.amount < eur '49.01'").result() == "true");
  CHECK(value("eur '1' + eur '0.50'") == "{\"v\":{\"currency\":\"EUR\",\"minor\":150}}");
  CHECK(value("eur '1.10' * 3") == "{\"v\":{\"currency\":\"EUR\",\"minor\":330}}");
  CHECK(value("(eur '1.10').minor") == "{\"v\":110}");
  CHECK(value("money('JPY', '500')") == "{\"v\":{\"currency\":\"JPY\",\"minor\":500}}");
  CHECK(has(Function("eur '1' < usd '1'").result(), "E0007"));
  CHECK(has(Function("eur '1' == usd '1'").result(), "E0007"));
  CHECK(has(value("eur '1' + usd '1'"), "E0007"));
  CHECK(has(value("eur '1' * 1.5"), "whole numbers"));
  CHECK(has(value("eur '1' + 1"), "E0109"));
  CHECK(has(value("eur '9000000000000000' * 1000"), "E0008"));
}

TEST_CASE("at_least picks the amount in the currency it stands beside") {
  CHECK(Function("run.event.amount >= at_least { eur '49', usd '199' }").result() == "true");
  CHECK(Function("run.event.amount >= at_least { eur '50', usd '1' }").result() == "false");
  CHECK(Function("run.event.amount < at_least { eur '50' }").result() == "true");
  CHECK(Function("run.failures >= at_least(2)").result() == "true");
  CHECK(has(Function("run.event.amount >= at_least { usd '1' }").result(), "E0007"));
  CHECK(has(Function("run.event.nothing >= at_least { eur '1' }").result(), "may be missing"));
}

TEST_CASE("times and spans add up, and are no numbers") {
  CHECK(Function("days(1) == hours(24)").result() == "true");
  CHECK(Function("run.now - run.event.time == seconds(1000)").result() == "true");
  CHECK(Function("run.event.time + minutes(10) < run.now").result() == "true");
  CHECK(value("hours(36).days") == "{\"v\":1.5}");
  CHECK(value("hours(3) / hours(2)") == "{\"v\":1.5}");
  CHECK(value("tostring(hours(50))") == "{\"v\":\"2 d 2 h\"}");
  CHECK(has(Function("run.now > 5").result(), "E0109"));
  CHECK(has(Function("days(1) < eur '1'").result(), "E0109"));
}

}  // namespace relance
