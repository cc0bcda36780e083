// What redacting takes out of every record and of a customer, by their lists of fields.
#include "core/state/redact.h"

#include "core/state/opened.h"
#include "filled.h"

using namespace relance;
using namespace relance::test;

TEST_CASE("no sealed value and no free text is left in any redacted record", "[S0-33]") {
  Filler filler;
  for (Record& record : every_record(&filler)) {
    Entry entry = entry_of({std::move(record)});
    entry.customer = derive_key({"ann"});
    INFO(record_name(entry.records[0]));
    redact(entry);
    CHECK(encode_entry(entry).find("sealed ") == std::string::npos);
    const std::string once = encode_entry(entry);
    redact(entry);
    CHECK(encode_entry(entry) == once);
  }
}

TEST_CASE("no sealed value is left in a redacted customer, and all else is his") {
  Customer customer = filled_customer();
  const size_t touches = customer.touches.size();
  redact(customer);
  CHECK(encode_snapshot(customer).find("sealed ") == std::string::npos);
  CHECK(customer.touches.size() == touches);
  CHECK(customer.touches[0].address != 0);
}

TEST_CASE("of a decision's facts numbers and the engine's own words stay") {
  Decided decided;
  decided.choice = "call ann@example.com";
  decided.facts = Doc::record({{"amount", Doc::integer(3)},
                               {"name", Doc::text("Ann")},
                               {"born", Doc::date(*parse_date("1990-01-02"))},
                               {"outcome", Doc::text("delivered")},
                               {"list", Doc::list({Doc::text("Ann"), Doc::boolean(true)})}});
  Entry entry = entry_of({decided});
  redact(entry);
  const auto& left = std::get<Decided>(entry.records[0]);
  CHECK(to_json(left.facts) == R"({"amount":3,"list":[true],"outcome":"delivered"})");
  CHECK(left.choice.empty());
}

TEST_CASE("of a provider's reason a word stays, and no text and no number") {
  for (const auto& [reason, kept] : std::vector<std::pair<std::string, std::string>>{
           {"insufficient_funds", "insufficient_funds"},
           {"nothing left to do", "nothing left to do"},
           {"550 no such user", ""},
           {"+33639980001", ""},
           {"33639980001", ""},
           {"ann@example.com", ""},
           {"Ann", ""}}) {
    StepEnded ended;
    ended.reason = reason;
    Entry entry = entry_of({ended});
    redact(entry);
    CHECK(std::get<StepEnded>(entry.records[0]).reason == kept);
  }
}

TEST_CASE("a base is redacted like the entries that it sums up") {
  Customer customer;
  customer.id = derive_key({"ann"});
  customer.subject = seal(customer.id, Doc::record({{"subject", Doc::text("ann")}}).bytes());
  customer.chain = derive_key({"chain"});
  Entry entry = entry_of({Base{encode_snapshot(customer)}});
  entry.customer = customer.id;
  redact(entry);
  const auto left = decode_snapshot(std::get<Base>(entry.records[0]).snapshot);
  REQUIRE(left);
  CHECK(left->subject.empty());
  CHECK(left->chain == customer.chain);
}
