#include "script/decline_table.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "script/event_catalogue.h"

namespace relance {
namespace {

struct Golden {
  DeclineCodes codes;
  std::string_view kind, action, decided_by;
  int wait_hours = 0;
};

void check(std::span<const Golden> rows) {
  for (const Golden& row : rows) {
    CAPTURE(row.codes.provider, row.codes.raw_code, row.codes.network,
            row.codes.network_decline_code, row.codes.network_advice_code,
            row.codes.provider_advice);
    const DeclineVerdict verdict = judge_decline(row.codes);
    CHECK(decline_class_name(verdict.kind) == row.kind);
    CHECK(decline_action_name(verdict.action) == row.action);
    CHECK(verdict.decided_by == row.decided_by);
    CHECK(verdict.wait == hours(row.wait_hours));
  }
}

const Golden kOneCode[] = {
    // provider, raw code, network, network's code, network's advice, provider's advice
    {{"stripe", "insufficient_funds", "", "", "", ""}, "soft", "retry_scheduled", "code_table"},
    {{"stripe", "card_velocity_exceeded", "", "", "", ""}, "soft", "retry_scheduled", "wait", 24},
    {{"stripe", "processing_error", "", "", "", ""}, "technical", "retry_now", "code_table"},
    {{"stripe", "expired_card", "", "", "", ""},
     "customer_action",
     "request_new_method",
     "code_table"},
    {{"stripe", "incorrect_cvc", "", "", "", ""},
     "customer_action",
     "request_data_fix",
     "code_table"},
    {{"stripe", "authentication_required", "", "", "", ""},
     "customer_action",
     "request_authentication",
     "code_table"},
    {{"stripe", "fraudulent", "", "", "", ""}, "fraud", "review_fraud", "code_table"},
    {{"stripe", "duplicate_transaction", "", "", "", ""},
     "config",
     "fix_integration",
     "code_table"},
    {{"stripe", "revocation_of_authorization", "", "", "", ""},
     "hard",
     "stop_and_respect",
     "revocation"},
    {{"adyen", "2", "", "", "", ""}, "soft", "retry_scheduled", "code_table"},
    {{"adyen", "26", "", "", "", ""}, "hard", "stop_and_respect", "revocation"},
    {{"adyen", "38", "", "", "", ""}, "customer_action", "request_authentication", "code_table"},
    {{"checkout", "20051", "", "", "", ""}, "soft", "retry_scheduled", "code_table"},
    {{"checkout", "30041", "", "", "", ""}, "fraud", "request_new_method", "code_table"},
    {{"checkout", "20057", "visa", "", "", ""}, "hard", "request_new_method", "never_approve"},
    {{"checkout", "30999", "", "", "", ""}, "hard", "request_new_method", "code_table"},
    {{"ach", "R01", "", "", "", ""}, "soft", "retry_scheduled", "code_table"},
    {{"ach", "R07", "", "", "", ""}, "hard", "stop_and_respect", "revocation"},
    {{"sepa", "AM04", "", "", "", ""}, "soft", "retry_scheduled", "code_table"},
    {{"", "51", "", "", "", ""}, "soft", "retry_scheduled", "code_table"},
    {{"", "1a", "visa", "", "", ""}, "customer_action", "request_authentication", "data_first"},
    {{"", "insufficient_funds", "", "", "", ""}, "soft", "retry_scheduled", "code_table"},
    {{"sim", "do_not_honor", "", "", "", ""}, "soft", "retry_scheduled", "code_table"},
};

const Golden kSeveralCodes[] = {
    // A revocation outranks all.
    {{"stripe", "do_not_honor", "visa", "R1", "", "try_again_later"},
     "hard",
     "stop_and_respect",
     "revocation"},
    {{"stripe", "insufficient_funds", "mastercard", "51", "21", ""},
     "hard",
     "stop_and_respect",
     "revocation"},
    // Never approve: no retry with this credential, whatever the code's name.
    {{"stripe", "do_not_honor", "mastercard", "05", "03", ""},
     "hard",
     "request_new_method",
     "never_approve"},
    {{"stripe", "generic_decline", "", "", "", "do_not_try_again"},
     "hard",
     "request_new_method",
     "never_approve"},
    {{"stripe", "generic_decline", "visa", "57", "", ""},
     "hard",
     "request_new_method",
     "never_approve"},
    {{"stripe", "incorrect_number", "visa", "14", "", ""},
     "hard",
     "request_data_fix",
     "never_approve"},
    // The same code of another network is no category.
    {{"iso8583", "12", "amex", "", "", ""}, "config", "fix_integration", "code_table"},
    // An explicit wait; it makes a retry at once a scheduled one.
    {{"stripe", "insufficient_funds", "mastercard", "51", "26", ""},
     "soft",
     "retry_scheduled",
     "wait",
     48},
    {{"stripe", "processing_error", "mastercard", "", "24", ""},
     "soft",
     "retry_scheduled",
     "wait",
     1},
    {{"adyen", "12", "mastercard", "51 : Insufficient funds", "25 : Retry after 24 hours", ""},
     "soft",
     "retry_scheduled",
     "wait",
     24},
    // Data must change first.
    {{"stripe", "generic_decline", "", "", "", "confirm_card_data"},
     "customer_action",
     "request_data_fix",
     "data_first"},
    {{"stripe", "do_not_honor", "visa", "82", "", ""},
     "customer_action",
     "request_data_fix",
     "data_first"},
    {{"", "", "mastercard", "83", "01", ""},
     "customer_action",
     "request_authentication",
     "data_first"},
    {{"", "", "mastercard", "79", "01", ""}, "customer_action", "request_new_method", "data_first"},
    // The network knows worse than the gateway's vague word.
    {{"stripe", "generic_decline", "visa", "59", "", ""}, "fraud", "review_fraud", "code_table"},
    // Nobody knows: no blind retry.
    {{"stripe", "brand_new_code", "", "", "", ""}, "soft", "contact_issuer", "unknown_code"},
};

Doc completed(std::string_view json) {
  Result<Doc> decline = complete_decline(
      *from_json(json), parse_instant("2026-01-05T08:00:00Z").value(), "data.decline");
  REQUIRE(decline.ok());
  return std::move(*decline);
}

}  // namespace

TEST_CASE("[S2-08] Each decline code asks for the right action") { check(kOneCode); }

TEST_CASE("Where several codes disagree the most restrictive wins") { check(kSeveralCodes); }

TEST_CASE("A credential may be tried again only where nothing speaks against it") {
  CHECK(judge_decline({"stripe", "insufficient_funds", "", "", "", ""}).same_credential);
  CHECK(judge_decline({"stripe", "call_issuer", "", "", "", ""}).same_credential);
  CHECK_FALSE(judge_decline({"stripe", "stolen_card", "", "", "", ""}).same_credential);
  CHECK_FALSE(judge_decline({"stripe", "incorrect_cvc", "", "", "", ""}).same_credential);
  CHECK_FALSE(judge_decline({"iso8583", "12", "visa", "", "", ""}).same_credential);
}

TEST_CASE("Intake fills in what the raw code means") {
  const Doc decline = completed(R"({"provider":"stripe","raw_code":"insufficient_funds"})");
  CHECK(
      to_json(decline) ==
      R"({"action":"retry_scheduled","class":"soft","decided_by":"code_table","provider":"stripe",)"
      R"("raw_code":"insufficient_funds","retry_allowed_same_credential":true})");
}

TEST_CASE("What the sender wrote himself is never changed") {
  const Doc decline = completed(R"({"raw_code":"insufficient_funds","action":"contact_issuer"})");
  CHECK(decline.view().find("action").text() == "contact_issuer");
  CHECK(decline.view().find("class").text() == "soft");
  const Doc no_code = completed(R"({"action":"retry_scheduled"})");
  CHECK(to_json(no_code) == R"({"action":"retry_scheduled"})");
}

TEST_CASE("The earliest retry is the latest of all waits") {
  const auto retry_at = [](std::string_view json) {
    return format_instant(completed(json).view().find("earliest_retry_at").instant().value());
  };
  CHECK(retry_at(R"({"raw_code":"51","network":"mastercard","network_advice_code":"25"})") ==
        "2026-01-06T08:00:00Z");
  CHECK(
      retry_at(
          R"({"raw_code":"51","network_advice_code":"25","declined_at":"2026-01-04T00:00:00Z"})") ==
      "2026-01-05T00:00:00Z");
  CHECK(retry_at(R"({"raw_code":"51","network_advice_code":"25",)"
                 R"("earliest_retry_at":"2026-01-09T00:00:00Z"})") == "2026-01-09T00:00:00Z");
  CHECK(retry_at(R"({"action":"retry_scheduled","earliest_retry_at":"2026-01-09T00:00:00Z"})") ==
        "2026-01-09T00:00:00Z");
}

TEST_CASE("A code that is written as a number becomes text") {
  const Doc decline = completed(R"({"provider":"adyen","raw_code":6})");
  CHECK(decline.view().find("raw_code").text() == "6");
  CHECK(decline.view().find("action").text() == "request_new_method");
}

TEST_CASE("Every class and action of declines stands in the reference page") {
  const auto page = read_file(std::string(RELANCE_SOURCE_DIR) + "/docs/reference/declines.md");
  REQUIRE(page.ok());
  for (int i = 0; i <= static_cast<int>(DeclineClass::config); ++i) {
    const std::string name(decline_class_name(static_cast<DeclineClass>(i)));
    CAPTURE(name);
    CHECK(page->find("`" + name + "`") != std::string::npos);
  }
  for (int i = 0; i <= static_cast<int>(DeclineAction::stop_and_respect); ++i) {
    const std::string name(decline_action_name(static_cast<DeclineAction>(i)));
    CAPTURE(name);
    CHECK(page->find("`" + name + "`") != std::string::npos);
  }
}

TEST_CASE("A decline that cannot be read is refused at its place") {
  const auto problem = [](std::string_view json) {
    const auto decline = complete_decline(*from_json(json), {}, "data.decline");
    REQUIRE_FALSE(decline.ok());
    return decline.error().message + "; " + decline.error().hint;
  };
  CHECK(problem(R"({"action":"retry_soon"})") ==
        "'data.decline.action' must be one of retry_now, retry_scheduled, contact_issuer, "
        "request_data_fix, request_authentication, fix_integration, request_new_method, "
        "review_fraud, stop_and_respect; did you mean 'retry_now'?");
  CHECK(problem(R"({"class":"sof"})").find("did you mean 'soft'?") != std::string::npos);
  CHECK(problem(R"({"raw_code":["a"]})") == "'data.decline.raw_code' must be text; ");
  CHECK(problem(R"({"earliest_retry_at":"soon"})") ==
        "'data.decline.earliest_retry_at' must be an instant; write 2026-01-05T08:00:00Z");
}

TEST_CASE("[S0-10] A failed payment arrives with its decline understood") {
  const auto parsed = parse_event(
      R"({"specversion":"1.0","id":"1","source":"stripe","type":"payment.failed",)"
      R"("time":"2026-01-05T08:00:00Z","subject":"c","data":{"invoice_id":"i-1","attempt_no":1,)"
      R"("decline":{"provider":"stripe","raw_code":"expired_card"}}})",
      EventCatalogue::shipped(), "shop");
  REQUIRE(parsed.ok());
  CHECK(parsed->event.data.view().find_path("decline.action").text() == "request_new_method");
  CHECK(parsed->event.data.view().find_path("decline.class").text() == "customer_action");
}

}  // namespace relance
