// Flows that start because something did not happen.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

// A mail to whoever has not ordered for so long; the next order is its goal.
Flow win_back(Duration after) {
  Flow made = flow("win_back", {step("mail", mail()), step("wait", wait_for(days(3)), on(0, {}))});
  made.start.clear();
  made.key.clear();
  made.absence = Absence{"order.placed", after};
  made.goal = {{"order.placed", {}}};
  made.stop.clear();
  made.purpose = Purpose::service;
  made.expire = days(60);
  return made;
}

struct Silent {
  FakeRules rules;
  Desk desk{rules};
  const Instant monday = desk.now;
  Flow* flow = nullptr;

  Silent() {
    rules.add_channel("email", "email");
    rules.abouts["order.placed"] = "customer";
    flow = &rules.add(win_back(days(90)));
  }
  void order(std::string id, Instant at) {
    EventInput input{id, "test", "order.placed", "c-1", at, {}, event_hash("shop", "c-1", "t", id),
                     {}};
    input.data = Doc::record({{"order_id", Doc::text(id)}});
    desk.feed(input);
  }
  Instant due() const { return desk.customer.next_due(); }
};

}  // namespace

TEST_CASE_METHOD(Silent, "[S1-07] who has not ordered for ninety days is found at that instant") {
  order("o-1", desk.now);
  CHECK(desk.customer.runs.empty());
  CHECK(due() == monday + days(90));
  desk.due(monday + days(90) - milliseconds(1));
  CHECK(desk.customer.runs.empty());
  desk.due(monday + days(90));
  REQUIRE(desk.customer.runs.size() == 1);
  const Doc event = opened(desk.customer.id, desk.customer.runs[0].event);
  CHECK(event.view().find("order_id").text() == "o-1");
  CHECK(event.view().find("since").instant() == monday);
  CHECK(desk.records<EventTaken>().back().type == "absence.found");
}

TEST_CASE_METHOD(Silent, "[S1-07] a new order moves the instant, and ends the run that it finds") {
  order("o-1", desk.now);
  desk.now = monday + days(40);
  order("o-2", desk.now);
  CHECK(due() == monday + days(130));
  desk.due(monday + days(90));
  CHECK(desk.customer.runs.empty());
  desk.due(monday + days(130));
  REQUIRE(desk.customer.runs.size() == 1);
  desk.now = monday + days(131);
  order("o-3", desk.now);
  CHECK(desk.ended() == "goal");
  CHECK(due() == monday + days(221));
}

TEST_CASE_METHOD(Silent, "[S1-07] silence is found once, until there is something to miss again") {
  order("o-1", desk.now);
  desk.due(monday + days(90));
  REQUIRE(desk.customer.runs.size() == 1);
  desk.profile();
  desk.answer("mail", OperationStatus::done, "delivered");
  desk.due();
  CHECK(desk.ended() == "completed");
  CHECK(due().is_never());
  desk.due(monday + days(900));
  CHECK(desk.records<RunStarted>().size() == 1);
}

TEST_CASE_METHOD(Silent, "an order that comes late does not turn back the count") {
  desk.now = monday + days(10);
  order("o-2", desk.now);
  order("o-1", monday);
  CHECK(due() == monday + days(100));
}

TEST_CASE_METHOD(Silent,
                 "a history that is taken in late is read to its end before anyone is found") {
  order("o-1", monday - days(400));
  CHECK(due() == monday + hours(1));
  order("o-2", monday - days(5));
  CHECK(due() == monday + days(85));
}

TEST_CASE_METHOD(Silent, "[S1-33] a flow that waits longer today waits longer for everyone") {
  order("o-1", desk.now);
  flow->absence->after = days(120);
  desk.due(monday + days(90));
  CHECK(desk.customer.runs.empty());
  CHECK(due() == monday + days(120));
  desk.due(monday + days(120));
  CHECK(desk.customer.runs.size() == 1);
}

TEST_CASE_METHOD(Silent, "who may not enter again is not found again") {
  flow->re_entry = ReEntry::never_again;
  order("o-1", desk.now);
  desk.due(monday + days(90));
  desk.now = monday + days(91);
  order("o-2", desk.now);
  REQUIRE(desk.ended() == "goal");
  const size_t events = desk.records<EventTaken>().size();
  desk.due(monday + days(181));
  CHECK(desk.records<RunStarted>().size() == 1);
  CHECK(desk.records<EventTaken>().size() == events);
}

TEST_CASE_METHOD(Silent,
                 "an older order that comes after the silence was found finds nobody again") {
  order("o-2", desk.now);
  desk.due(monday + days(90));
  REQUIRE(desk.records<RunStarted>().size() == 1);
  order("o-1", monday - days(20));
  order("o-3", monday);
  CHECK(desk.records<WatchSet>().size() == 2);
  desk.due(monday + days(91));
  CHECK(desk.records<RunStarted>().size() == 1);
}

TEST_CASE_METHOD(Silent, "without such a flow nothing is kept of who orders") {
  flow->absence.reset();
  order("o-1", desk.now);
  CHECK_FALSE(desk.customer.lookout.there());
  CHECK(due().is_never());
}
