// Who counts as held until an opening, and so waits behind the best touch of his customer.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

struct Opening {
  FakeRules rules;

  Opening() {
    for (const char* kind : {"email", "sms"}) rules.add_channel(kind, kind);
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    rules.rules.gap = hours(4);
    rules.rules.opening = OpeningRule{{}, hours(24), false};
  }
  static SendStep text() {
    SendStep made = mail();
    made.via = made.channel_kind = "sms";
    return made;
  }
  // Gives the lanes' slots, as they are granted after a decision, until nobody wants one.
  static void grant(Desk& desk, bool last_first = false) {
    std::deque<Want> wants;
    const auto note = [&] {
      for (const Effect& effect : desk.effects)
        if (const auto* want = std::get_if<Want>(&effect)) wants.push_back(*want);
    };
    for (note(); !wants.empty(); note()) {
      if (last_first) std::rotate(wants.begin(), wants.end() - 1, wants.end());
      const Want want = wants.front();
      wants.pop_front();
      desk.feed(SlotInput{want.run, want.step, want.try_no, want.channel});
    }
  }
  static void due(Desk& desk) {
    desk.due();
    grant(desk);
  }
};

}  // namespace

TEST_CASE_METHOD(Opening, "what the gap held leaves when it is over: it waited for no opening") {
  rules.add(flow("pay", {step("mail", mail()), step("text", text(), on(0, {"delivered"}))}));
  Desk desk(rules);
  desk.slots.open = false;
  desk.failed_payment();
  grant(desk);
  desk.profile();
  grant(desk);
  const Instant first = desk.now;
  desk.answer("mail", OperationStatus::done);
  grant(desk);
  REQUIRE(desk.customer.touches.size() == 1);
  due(desk);
  CHECK(desk.now == first + hours(4));
  CHECK(desk.customer.touches.size() == 2);
}

TEST_CASE_METHOD(Opening, "who stood behind a more urgent one for a moment waits for the gap alone",
                 "[S1-63]") {
  FetchStep fetch;
  fetch.from = "crm";
  rules.add(flow("known", {step("who", fetch)})).start = {{"order.placed", {}}};
  rules.add(flow("urgent", {step("text", text())}));
  rules.add(flow("remind", {step("mail", mail())}));
  rules.rules.priority = {"urgent", "remind"};
  Desk desk(rules);
  desk.slots.open = false;
  desk.event("order.placed", Doc::record({{"invoice_id", Doc::text("i-0")}}));
  desk.profile();
  const Instant first = desk.now;
  desk.failed_payment();
  grant(desk, true);  // the less urgent one's lane is free first
  CHECK(desk.records<TouchJudged>().front().reason == "outranked");
  REQUIRE(desk.customer.touches.size() == 1);
  CHECK(desk.customer.touches[0].step_name == "text");
  due(desk);
  CHECK(desk.now == first + hours(4));
  CHECK(desk.customer.touches.size() == 2);
}

TEST_CASE_METHOD(Opening, "of two that a window held one leaves, and the other a day later",
                 "[S1-43]") {
  WindowRule window;
  window.from = *parse_time_of_day("12:00");
  window.to = *parse_time_of_day("20:00");
  rules.rules.windows.push_back(window);
  rules.add(flow("pay", {step("text", text()), step("mail", mail())}));
  Desk desk(rules);
  desk.slots.open = false;
  desk.failed_payment();
  grant(desk);
  while (desk.customer.runs[0].steps[0].phase == Phase::reading ||
         desk.customer.runs[0].steps[1].phase == Phase::reading) {
    desk.profile();
    grant(desk);
  }
  REQUIRE(desk.customer.touches.empty());
  due(desk);
  CHECK(format_instant(desk.now) == "2026-01-05T12:00:00Z");
  REQUIRE(desk.customer.touches.size() == 1);
  due(desk);
  CHECK(format_instant(desk.now) == "2026-01-06T12:00:00Z");
  CHECK(desk.customer.touches.size() == 2);
}
