// fetch: found, missing, failed, and what the run knows afterwards.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Reader {
  FakeRules rules;
  Desk desk{rules};

  void fetch(std::vector<std::string> need, Doc defaults) {
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    FetchStep fetch;
    fetch.from = "crm";
    fetch.need = std::move(need);
    fetch.defaults = std::move(defaults);
    rules.add(flow("pay", {step("profile", fetch), step("wait", wait_for(days(1)))}));
    desk.failed_payment();
  }
  void read(OperationStatus status, Doc record = {}) {
    OperationResult result;
    result.status = status;
    result.data = std::move(record);
    desk.feed(ReadInput{desk.customer.runs[0].find(0)->touch, result});
  }
  std::string known(std::string_view field) const {
    const View view(desk.customer, desk.customer.runs[0], *rules.active().front(), desk.now);
    return std::string(view.step_data(0).find(field).text().value_or("-"));
  }
};

Doc fields(std::string_view name, std::string_view value) {
  return Doc::record({{std::string(name), Doc::text(value)}});
}

}  // namespace

TEST_CASE_METHOD(Reader, "who has no record is missing, even where every field has a default") {
  fetch({"locale"}, fields("locale", "fr"));
  read(OperationStatus::absent);
  REQUIRE(desk.outcome("profile") == "missing");
  REQUIRE(desk.records<StepEnded>()[0].reason == "no record");
  REQUIRE(known("locale") == "fr");
}

TEST_CASE_METHOD(Reader, "a field that the record lacks is taken from the defaults") {
  fetch({"email", "locale"}, fields("locale", "fr"));
  SECTION("and the record is found") {
    read(OperationStatus::done, fields("email", "ann@example.com"));
    REQUIRE(desk.outcome("profile") == "found");
    REQUIRE(known("email") == "ann@example.com");
  }
  SECTION("but a field with neither value nor default is missing") {
    read(OperationStatus::done, fields("email", ""));
    REQUIRE(desk.outcome("profile") == "missing");
    REQUIRE(desk.records<StepEnded>()[0].reason == "no email");
  }
  REQUIRE(known("locale") == "fr");
}

TEST_CASE_METHOD(Reader, "a source in trouble is asked again, and the step fails in the end") {
  fetch({}, {});
  for (int tries = 1; tries < 5; ++tries) {
    read(OperationStatus::not_now);
    REQUIRE(desk.outcome("profile").empty());
    desk.due();
  }
  read(OperationStatus::not_now);
  REQUIRE(desk.outcome("profile") == "failed");
}
