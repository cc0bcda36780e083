// A touch on the calendar day before a date of an event, by the customer's own calendar.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

// "The day before the pickup, at ten": reads the customer, waits, sends an SMS inside the window.
struct Pickup {
  FakeRules rules;

  Pickup() {
    rules.add_channel("sms", "sms");
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    FetchStep fetch;
    fetch.from = "crm";
    WaitStep wait;
    wait.before = FieldMoment{
        FieldMoment::Kind::before, "event.pickup_at", {}, 1, parse_time_of_day("10:00").value()};
    SendStep remind = mail();
    remind.via = remind.channel_kind = "sms";
    Flow& made = rules.add(flow("return_pickup", {step("who", fetch), step("eve", wait, on(0, {})),
                                                  step("remind", remind, on(1, {}))}));
    made.purpose = Purpose::service;
    made.expire = days(200);
    rules.rules.windows = {
        {{"sms", {}}, *parse_time_of_day("09:00"), *parse_time_of_day("21:00"), 0x7f}};
  }

  // When the reminder leaves for a customer in that zone.
  std::string reminded_at(std::string_view zone, std::string_view pickup) {
    Desk desk(rules);
    desk.event("payment.failed",
               Doc::record({{"invoice_id", Doc::text("r-1")},
                            {"pickup_at", Doc::instant(*parse_instant(pickup))}}));
    desk.profile(
        Doc::record({{"phone", Doc::text("+33639980001")}, {"timezone", Doc::text(zone)}}));
    for (int i = 0; i < 5 && desk.customer.touches.empty(); ++i) desk.due();
    REQUIRE(desk.customer.touches.size() == 1);
    return format_instant(desk.customer.touches.front().intended_at);
  }
};

}  // namespace

TEST_CASE_METHOD(Pickup, "the day before is the one of the customer's calendar", "[S1-21]") {
  // 02:00 UTC on the 8th is the evening of the 7th in California, so the day before is the 6th.
  CHECK(reminded_at("America/Los_Angeles", "2026-01-08T02:00:00Z") == "2026-01-06T18:00:00Z");
  CHECK(reminded_at("Europe/Paris", "2026-01-08T02:00:00Z") == "2026-01-07T09:00:00Z");
  CHECK(reminded_at("Pacific/Auckland", "2026-01-08T02:00:00Z") == "2026-01-06T21:00:00Z");
  // Over a change of the clock it is ten by the clock of that day.
  CHECK(reminded_at("Europe/Paris", "2026-03-29T12:00:00Z") == "2026-03-28T09:00:00Z");
  CHECK(reminded_at("Europe/Paris", "2026-03-30T12:00:00Z") == "2026-03-29T08:00:00Z");
}

TEST_CASE_METHOD(Pickup, "the eve is met inside the calling window", "[S1-21]") {
  rules.rules.windows.front().from = *parse_time_of_day("11:00");
  CHECK(reminded_at("Europe/Paris", "2026-01-08T12:00:00Z") == "2026-01-07T10:00:00Z");
}
