// What a customer allowed, with where that is known from.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Shop {
  FakeRules rules;
  Shop() {
    rules.add_channel("email", "email");
    rules.add(flow("advertise", {step("mail", mail())})).purpose = Purpose::marketing;
  }
};

Doc consent(std::vector<std::pair<std::string, Doc>> more = {}) {
  std::vector<std::pair<std::string, Doc>> fields{{"channel", Doc::text("email")},
                                                  {"purpose", Doc::text("marketing")}};
  fields.insert(fields.end(), more.begin(), more.end());
  return Doc::record(fields);
}

Doc profile_with(const Doc& consents) {
  return Doc::record({{"email", Doc::text("ann@example.com")}, {"consents", consents}});
}

Doc said_on(std::string_view when, bool given) {
  return consent({{"at", Doc::instant(*parse_instant(when))}, {"given", Doc::boolean(given)}});
}

}  // namespace

TEST_CASE_METHOD(Shop, "an event of consent keeps its provenance", "[S0-34]") {
  Desk desk(rules);
  const Instant until = desk.now + days(365);
  desk.event("consent.given", consent({{"basis", Doc::text("opt_in")},
                                       {"source", Doc::text("checkout")},
                                       {"text_version", Doc::text("2026-01")},
                                       {"proof", Doc::text("form-17")},
                                       {"expires_at", Doc::instant(until)}}));
  REQUIRE(desk.customer.consents.size() == 1);
  const Consent& kept = desk.customer.consents.front();
  CHECK(kept.given);
  CHECK(kept.at == desk.now);
  CHECK(kept.basis == "opt_in");
  CHECK(kept.source == "checkout");
  CHECK(kept.text_version == "2026-01");
  CHECK(kept.evidence == "form-17");
  CHECK(kept.expires_at == until);
}

TEST_CASE_METHOD(Shop, "marketing waits for a consent, of that channel and purpose", "[S0-34]") {
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  CHECK(desk.outcome("mail") == "denied");
  desk.event("consent.given",
             Doc::record({{"channel", Doc::text("sms")}, {"purpose", Doc::text("marketing")}}));
  desk.failed_payment("i-2");
  CHECK(desk.customer.touches.empty());
  desk.event("consent.given", consent());
  desk.failed_payment("i-3");
  CHECK(desk.customer.touches.size() == 1);
  desk.event("consent.withdrawn", consent());
  desk.failed_payment("i-4");
  CHECK(desk.customer.touches.size() == 1);
  CHECK(desk.records<StepEnded>().back().reason == "consent_withdrawn");
}

TEST_CASE_METHOD(Shop, "consents that the CRM tells hold, with where they come from", "[S0-34]") {
  Desk desk(rules);
  desk.failed_payment();
  desk.profile(profile_with(Doc::list({said_on("2025-12-01T00:00:00Z", true)})));
  CHECK(desk.customer.touches.size() == 1);
  REQUIRE(desk.customer.consents.size() == 1);
  CHECK(desk.customer.consents.front().source == "crm");
  CHECK(desk.customer.consents.front().at == *parse_instant("2025-12-01T00:00:00Z"));
}

TEST_CASE_METHOD(Shop, "a CRM that answers old data does not bring back a consent", "[S0-34]") {
  Desk desk(rules);
  desk.event("consent.withdrawn", consent());
  desk.failed_payment();
  desk.profile(profile_with(Doc::list({said_on("2025-12-01T00:00:00Z", true)})));
  CHECK(desk.customer.touches.empty());
  REQUIRE(desk.customer.consents.size() == 1);
  CHECK_FALSE(desk.customer.consents.front().given);
}

TEST_CASE_METHOD(Shop, "a withdrawal in the CRM that is news holds, told as text, too", "[S0-34]") {
  Desk desk(rules);
  desk.event("consent.given", consent());
  desk.now = desk.now + hours(1);
  desk.failed_payment();
  desk.profile(profile_with(Doc::text(
      R"([{"channel":"email","purpose":"marketing","given":false,"text_version":"v2",
           "at":"2026-01-05T10:30:00Z"}, 17])")));
  CHECK(desk.customer.touches.empty());
  REQUIRE(desk.customer.consents.size() == 1);
  CHECK_FALSE(desk.customer.consents.front().given);
  CHECK(desk.customer.consents.front().text_version == "v2");
  CHECK(desk.outcome("mail") == "denied");
}
