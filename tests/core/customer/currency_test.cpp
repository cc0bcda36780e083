// Amounts that a flow cannot compare are an error of their run, told in the journal, and no guess.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

Money money(int64_t minor, std::string_view currency) {
  return {minor, *Currency::parse(currency)};
}

struct Table {
  FakeRules rules;
  Desk desk{rules};

  void decide_by(Cell::Kind kind, Doc bound) {
    DecideStep table;
    table.columns = {"amount"};
    table.paths = {"event.amount"};
    table.words = {};
    table.rows.push_back({{Cell{kind, {std::move(bound)}}}, "dear", {}, 1});
    table.otherwise = "cheap";
    Step made = step("by_amount", table);
    made.outcomes = {"dear", "cheap"};
    rules.add(flow("pay", {made, step("wait", wait_for(days(1)))}));
  }
  void pay_fails(Money amount) {
    desk.event("payment.failed",
               Doc::record({{"invoice_id", Doc::text("i-1")}, {"amount", Doc::money(amount)}}));
  }
};

}  // namespace

TEST_CASE_METHOD(Table, "a bound in another currency fails the run, and the journal says why") {
  decide_by(Cell::Kind::at_least, Doc::money(money(19900, "EUR")));
  pay_fails(money(90000, "PLN"));
  REQUIRE(desk.ended() == "failed");
  REQUIRE(desk.outcome("by_amount").empty());
  const auto said = desk.records<Decided>();
  REQUIRE(said.back().what == "error");
  REQUIRE(said.back().choice == code_text(Code::currency_mismatch));
  const std::string message(said.back().facts.view().find("message").text().value_or(""));
  REQUIRE(message.find("PLN") != std::string::npos);
  REQUIRE(message.find("add one: at_least") != std::string::npos);
}

TEST_CASE_METHOD(Table, "an amount listed in other currencies only is no different") {
  decide_by(Cell::Kind::one_of, Doc::money(money(4900, "EUR")));
  SECTION("another currency") {
    pay_fails(money(4900, "USD"));
    REQUIRE(desk.ended() == "failed");
  }
  SECTION("the same currency, another amount") {
    pay_fails(money(5900, "EUR"));
    REQUIRE(desk.outcome("by_amount") == "cheap");
  }
  SECTION("the same") {
    pay_fails(money(4900, "EUR"));
    REQUIRE(desk.outcome("by_amount") == "dear");
  }
}
