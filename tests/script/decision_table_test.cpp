#include "script/decision_table.h"

#include <catch2/catch.hpp>

#include "compiling.h"

namespace relance {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string errors(const std::string& by, const std::string& rows, const std::string& more = "") {
  return Compiling("f.t = decide { by = { " + by + " }, rows = { " + rows + " } " + more + " }")
      .errors();
}

const std::string kAmount = "a = 'event.amount'";
const std::string kOtherwise = ", otherwise = 'x'";

}  // namespace

TEST_CASE("rows that meet at a bound neither overlap nor leave a gap between them") {
  const std::string rows =
      "{ a = below(eur '10'), outcome = 'p' }, { a = between(eur '10', eur '20'), outcome = 'q' }, "
      "{ a = at_least(eur '20'), outcome = 'r' }";
  CHECK(errors(kAmount, rows, kOtherwise) == "");
  CHECK(has(errors(kAmount, rows), "E0117: no row of step 't' takes a = anything else"));
}

TEST_CASE("a gap between two amounts is told with the amounts") {
  const std::string found = errors(
      kAmount, "{ a = below(eur '10'), outcome = 'p' }, { a = at_least(eur '20'), outcome = 'q' }");
  CHECK(has(found, "E0117"));
  CHECK(has(found, "10.00 EUR"));
}

TEST_CASE("amounts are whole in their currency: nothing lies between two neighbours") {
  CHECK(errors(kAmount,
               "{ a = at_least(eur '0.02'), outcome = 'p' }, { a = eur '0.01', outcome = 'q' }, "
               "{ a = below(eur '0.01'), outcome = 'r' }, { outcome = 'z' }",
               ", hit = 'first'") == "");
}

TEST_CASE("each currency is a case of its own") {
  CHECK(errors(kAmount,
               "{ a = at_least { eur '10', usd '12' }, outcome = 'p' }, "
               "{ a = below(eur '10'), outcome = 'q' }, { a = below(usd '12'), outcome = 'r' }",
               kOtherwise) == "");
  CHECK(has(errors(kAmount,
                   "{ a = at_least { eur '10', usd '12' }, outcome = 'p' }, "
                   "{ a = at_least(usd '20'), outcome = 'q' }",
                   kOtherwise),
            "E0118"));
}

TEST_CASE("overlap and gap are found over several columns at once") {
  const std::string by = "a = 'event.decline.action', s = 'customer.segment'";
  CHECK(has(errors(by, "{ a = 'p', outcome = 'one' }, { s = 'q', outcome = 'two' }", kOtherwise),
            "E0118: rows 1 and 2 of step 't' both take a = 'p' and s = 'q'"));
  CHECK(errors(by,
               "{ a = 'p', outcome = 'one' }, { s = 'q', outcome = 'two' }, { outcome = 'three' }",
               ", hit = 'first'") == "");
}

TEST_CASE("a row that earlier ones cover is dead, one that no value fits too") {
  CHECK(has(
      errors(
          "n = 'failures'",
          "{ n = at_least(2), outcome = 'p' }, { n = { 3, 4 }, outcome = 'q' }, { outcome = 'r' }",
          ", hit = 'first'"),
      "E0119: row 2"));
  CHECK(has(errors("n = 'failures'", "{ n = between(5, 3), outcome = 'p' }", kOtherwise),
            "E0119: row 1"));
}

TEST_CASE("ten columns of ten rows are judged at once") {
  std::string by, rows;
  for (int i = 0; i < 10; ++i)
    by += "c" + std::to_string(i) + " = 'customer.c" + std::to_string(i) + "', ";
  for (int r = 0; r < 10; ++r) {
    rows += "{ ";
    for (int i = 0; i < 10; ++i)
      rows += "c" + std::to_string(i) + " = 'v" + std::to_string(r) + "', ";
    rows += "outcome = 'o" + std::to_string(r) + "' }, ";
  }
  CHECK(errors(by, rows, kOtherwise) == "");
  CHECK(has(errors(by, rows), "E0117"));
}

TEST_CASE("a table has at most 32 columns") {
  std::string by;
  for (int i = 0; i < 33; ++i) by += "c" + std::to_string(i) + " = 'customer.x', ";
  CHECK(has(errors(by, "{ outcome = 'p' }"), "E0126: a table has at most 32 columns"));
}

TEST_CASE("a free column that looks like a slip is warned about") {
  Compiling flow(
      "f.t = decide { by = { amount = 'event.amount' }, rows = { { amuont = 5, outcome = 'p' } } "
      "}");
  bool warned = false;
  for (const Finding& finding : flow.findings.take_sorted()) {
    warned = warned || has(finding.error.text(),
                           "'amuont' is no column of this table; did you mean 'amount'?");
  }
  CHECK(warned);
}

}  // namespace relance
