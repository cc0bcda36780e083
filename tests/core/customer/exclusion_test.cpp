// Many flows, one customer: markers, campaigns and priorities at work, through decide().
#include "core/gate/exclusions.h"
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

Doc text_field(const std::string& name, const std::string& value) {
  return Doc::record({{name, Doc::text(value)}});
}

// Flows of one mail each, by priority; each is begun by the event of its own name.
struct Shop {
  FakeRules rules;

  Shop() {
    rules.add_channel("email", "email");
    rules.add_channel("sms", "sms");
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    rules.abouts["support.opened"] = rules.abouts["support.closed"] = "customer";
    rules.abouts["consent.given"] = rules.abouts["consent.withdrawn"] = "customer";
    FetchStep crm;
    crm.from = "crm";
    Flow meet = flow("meet", {step("profile", crm)});
    meet.start = {{"meet", {}}};
    meet.key = {};
    rules.add(std::move(meet));
  }

  Flow& add(std::string name, Purpose purpose = Purpose::recovery, SendStep send = mail()) {
    Flow made = flow(name, {step("note", std::move(send))});
    made.start = {{name, {}}};
    made.key = {};
    made.purpose = purpose;
    return rules.add(std::move(made));
  }
  void in_support_nothing_leaves() {
    rules.rules.exclusions.markers = {
        {"in_support", {"support.opened"}, {"support.closed"}, {"case_id"}, {}}};
    NeverRule never;
    never.during = "in_support";
    rules.rules.exclusions.never = {never};
  }
};

struct Seated : Desk {
  explicit Seated(FakeRules& rules) : Desk(rules) {
    begin("meet");
    profile();
    told("consent.given", text_field("purpose", "marketing"), now - days(1));
  }

  void begin(const std::string& flow) { event(flow, Doc::empty_record()); }
  const Run& run(std::string_view flow) const {
    for (const Run& one : customer.runs)
      if (one.flow == flow) return one;
    FAIL("no run of " << flow);
    return customer.runs.front();
  }
  void slot(std::string_view flow) { feed(SlotInput{run(flow).id, 0, 0, "email"}); }
  // Who was contacted for, in order.
  std::string touched() const {
    std::string all;
    for (const Touch& touch : customer.touches) all += (all.empty() ? "" : " ") + touch.flow.str();
    return all;
  }
  TouchJudged last_judged() const {
    const auto judged = records<TouchJudged>();
    return judged.empty() ? TouchJudged{} : judged.back();
  }
  std::string why() const { return last_judged().verdict + " " + last_judged().reason; }
  std::string fact(std::string_view name) const {
    const TouchJudged judged = last_judged();
    return std::string(judged.facts.view().find(name).text().value_or(""));
  }
  void told(std::string type, Doc data, Instant time, Key touch = {}) {
    const std::string id = "t-" + std::to_string(entries.size());
    feed(EventInput{id, "test", std::move(type), "c-1", time, std::move(data),
                    event_hash("shop", "c-1", "test", id), touch});
  }
};

}  // namespace

TEST_CASE_METHOD(Shop, "three flows want one customer in a week: one contact, two say which it was",
                 "[S1-01]") {
  rules.rules.caps = {{{}, 1, days(7)}};
  for (const char* name : {"one", "two", "three"}) add(name);
  Seated desk(rules);
  desk.begin("one");
  for (const char* name : {"two", "three"}) {
    desk.now = desk.now + days(2);
    desk.begin(name);
    CHECK(desk.why() == "denied never_clears");
    CHECK(desk.fact("held_by") == "cap_reached");
    CHECK(desk.fact("used_by") == "one.note");
  }
  CHECK(desk.touched() == "one");
}

TEST_CASE_METHOD(Shop, "no touch while a support case is open; it leaves when the last one closes",
                 "[S1-46][S1-66]") {
  in_support_nothing_leaves();
  add("delivery");
  add("made_later");  // a new flow is covered although no rule names it
  Seated desk(rules);
  desk.told("support.opened", text_field("case_id", "a"), desk.now);
  desk.told("support.opened", text_field("case_id", "b"), desk.now);
  desk.begin("delivery");
  desk.begin("made_later");
  CHECK(desk.why() == "held marker_open");
  desk.now = desk.now + days(5);  // longer than a cap or a gap may hold it
  desk.told("support.closed", text_field("case_id", "a"), desk.now);
  CHECK(desk.touched().empty());
  desk.told("support.closed", text_field("case_id", "b"), desk.now);
  CHECK(desk.touched() == "delivery made_later");
}

TEST_CASE_METHOD(Shop, "a support case that opens between planning and dispatch holds the touch",
                 "[S1-46]") {
  in_support_nothing_leaves();
  add("delivery");
  Seated desk(rules);
  desk.slots.open = false;
  desk.begin("delivery");
  desk.told("support.opened", text_field("case_id", "a"), desk.now);
  desk.slot("delivery");
  CHECK(desk.why() == "held marker_open");
  CHECK(desk.touched().empty());
}

TEST_CASE_METHOD(Shop, "a refund that is told before its return leaves no return open", "[S1-64]") {
  rules.rules.exclusions.markers = {
      {"return_open", {"return.approved"}, {"return.processed"}, {"return_id"}, {}}};
  NeverRule never;
  never.scope.purpose = Purpose::marketing;
  never.during = "return_open";
  never.within = hours(1);
  never.drop = true;
  rules.rules.exclusions.never = {never};
  add("win_back", Purpose::marketing);
  Seated desk(rules);
  const Instant approved = desk.now - hours(3), processed = desk.now - hours(2);
  desk.told("return.processed", text_field("return_id", "r-1"), processed);
  desk.told("return.approved", text_field("return_id", "r-1"), approved);
  desk.begin("win_back");
  CHECK(desk.touched() == "win_back");
  desk.answer("note", OperationStatus::done);
  desk.told("return.approved", text_field("return_id", "r-2"), desk.now - minutes(1));
  desk.begin("win_back");
  CHECK(desk.why() == "denied marker_open");
}

TEST_CASE_METHOD(Shop,
                 "of events about one marker the one that happened last holds, in any order") {
  in_support_nothing_leaves();
  const auto open_after = [&](std::vector<std::pair<const char*, int>> told) {
    Seated desk(rules);
    for (const auto& [type, minute] : told)
      desk.told(type, text_field("case_id", "a"), desk.now + minutes(minute - 60));
    return desk.customer.markers.size() == 1 && desk.customer.markers[0].open;
  };
  const char *opened = "support.opened", *closed = "support.closed";
  CHECK(open_after({{opened, 1}}));
  CHECK_FALSE(open_after({{opened, 1}, {closed, 2}}));
  CHECK_FALSE(open_after({{closed, 2}, {opened, 1}}));
  CHECK_FALSE(open_after({{closed, 2}, {opened, 2}}));
  CHECK_FALSE(open_after({{opened, 2}, {closed, 2}}));
  CHECK(open_after({{closed, 2}, {opened, 3}, {opened, 1}}));
  CHECK(open_after({{opened, 3}, {closed, 2}}));
}

TEST_CASE_METHOD(Shop, "markers of a customer are bounded, and closed ones lapse") {
  in_support_nothing_leaves();
  Seated desk(rules);
  for (int i = 0; i < 100; ++i)
    desk.told("support.opened", text_field("case_id", std::to_string(i)), desk.now + minutes(i));
  CHECK(desk.customer.markers.size() == 32);
  for (int i = 0; i < 100; ++i)
    desk.told("support.closed", text_field("case_id", std::to_string(i)), desk.now);
  CHECK(desk.customer.markers.size() == 32);
  desk.now = desk.now + days(40);
  desk.told("support.opened", text_field("case_id", "new"), desk.now);
  CHECK(desk.customer.markers.size() == 1);
}

TEST_CASE_METHOD(Shop, "a bundle without markers keeps none") {
  Seated desk(rules);
  desk.told("support.opened", text_field("case_id", "a"), desk.now);
  CHECK(desk.customer.markers.empty());
  CHECK(desk.records<MarkerChanged>().empty());
}

TEST_CASE_METHOD(Shop, "two flows begun by one event: the more urgent one goes first", "[S1-63]") {
  rules.rules.priority = {"delivery", "win_back"};
  rules.rules.gap = hours(4);
  for (const char* name : {"win_back", "delivery"}) add(name).start = {{"both", {}}};
  Seated desk(rules);
  desk.begin("both");
  CHECK(desk.touched() == "delivery");
  CHECK(desk.why() == "held gap_too_short");
  CHECK(desk.fact("winner") == "delivery.note");
}

TEST_CASE_METHOD(Shop, "two flows held until one instant: the more urgent one leaves, by name",
                 "[S1-63]") {
  rules.rules.priority = {"delivery", "win_back"};
  rules.rules.gap = hours(4);
  WindowRule opens;
  opens.from = *parse_time_of_day("12:00");
  opens.to = *parse_time_of_day("20:00");
  rules.rules.windows = {opens};
  add("win_back");
  add("delivery");
  Seated desk(rules);
  desk.begin("win_back");
  desk.now = desk.now + minutes(1);
  desk.begin("delivery");
  desk.due();
  CHECK(desk.touched() == "delivery");
  CHECK(desk.fact("winner") == "delivery.note");
  desk.due();
  CHECK(desk.touched() == "delivery win_back");
  CHECK(desk.customer.touches[1].intended_at - desk.customer.touches[0].intended_at == hours(4));
}

TEST_CASE_METHOD(Shop, "who gave way comes again as soon as the winner has left or gives up",
                 "[S1-63]") {
  rules.rules.priority = {"delivery", "win_back"};
  rules.rules.gap = hours(4);
  add("win_back");
  add("delivery").stop = {{"delivery.done", {}}};
  Seated desk(rules);
  desk.slots.open = false;
  desk.begin("win_back");
  desk.begin("delivery");
  desk.slot("win_back");  // its lane is free first
  CHECK(desk.touched().empty());
  CHECK(desk.why() == "held outranked");
  CHECK(desk.fact("winner") == "delivery.note");
  desk.slots.open = true;
  SECTION("it left") {
    desk.slot("delivery");
    CHECK(desk.touched() == "delivery");
    CHECK(desk.why() == "held gap_too_short");
  }
  SECTION("it gives up") {
    desk.event("delivery.done", Doc::empty_record());
    CHECK(desk.touched() == "win_back");
  }
}

TEST_CASE_METHOD(Shop, "a loser is dropped where the rules say so, and names who won", "[S1-63]") {
  rules.rules.priority = {"delivery", "win_back"};
  rules.rules.gap = hours(4);
  rules.rules.exclusions.losers_drop = true;
  for (const char* name : {"win_back", "delivery"}) add(name).start = {{"both", {}}};
  Seated desk(rules);
  desk.begin("both");
  CHECK(desk.touched() == "delivery");
  CHECK(desk.why() == "denied outranked");
  CHECK(desk.fact("winner") == "delivery.note");
}

TEST_CASE_METHOD(Shop, "two flows that exclude one another never meet, whoever comes first",
                 "[S1-65]") {
  rules.rules.exclusions.mutex = {{{"delivery_retry", "cod_confirmation"}, hours(24)}};
  add("delivery_retry");
  add("cod_confirmation");
  for (const bool turned : {false, true}) {
    Seated desk(rules);
    desk.begin(turned ? "cod_confirmation" : "delivery_retry");
    desk.begin(turned ? "delivery_retry" : "cod_confirmation");
    CHECK(desk.why() == "held flow_excluded");
    CHECK(desk.customer.touches.size() == 1);
    desk.due();
    REQUIRE(desk.customer.touches.size() == 2);
    CHECK(desk.customer.touches[1].intended_at == desk.customer.touches[0].intended_at + hours(24));
  }
}

TEST_CASE_METHOD(Shop, "a click, a reply and a message of his own are responses to a campaign",
                 "[S1-45]") {
  rules.rules.exclusions.responded_leaves = true;
  Flow campaign = flow("campaign", {step("mail", mail()), step("wait", wait_for(days(2))),
                                    step("again", mail(), on(1, {"done"}))});
  campaign.start = {{"campaign", {}}};
  campaign.key = {};
  campaign.purpose = Purpose::marketing;
  rules.add(std::move(campaign));
  const auto second_mail = [&](const char* type, bool about_touch) {
    Seated desk(rules);
    desk.begin("campaign");
    desk.answer("mail", OperationStatus::done);
    desk.now = desk.now + hours(3);
    if (*type)
      desk.told(type, Doc::empty_record(), desk.now,
                about_touch ? desk.customer.touches[0].key : Key{});
    desk.due();
    return desk.customer.touches.size() == 2 ? std::string("sent") : desk.why();
  };
  CHECK(second_mail("", false) == "sent");
  CHECK(second_mail("email.opened", true) == "sent");
  CHECK(second_mail("link.clicked", true) == "denied already_responded");
  CHECK(second_mail("email.replied", true) == "denied already_responded");
  CHECK(second_mail("message.received", false) == "denied already_responded");
  CHECK(second_mail("call.received", false) == "denied already_responded");
}

TEST_CASE_METHOD(Shop, "consent that is withdrawn between planning and dispatch stops the touch",
                 "[S1-72]") {
  add("campaign", Purpose::marketing);
  Seated desk(rules);
  desk.slots.open = false;
  desk.begin("campaign");
  desk.told("consent.withdrawn", text_field("purpose", "marketing"), desk.now);
  desk.slot("campaign");
  CHECK(desk.why() == "denied consent_withdrawn");
  CHECK(desk.touched().empty());
}

TEST_CASE_METHOD(Shop, "a consent that is told late does not undo a later withdrawal", "[S1-72]") {
  add("campaign", Purpose::marketing);
  Seated desk(rules);
  desk.told("consent.withdrawn", text_field("purpose", "marketing"), desk.now - hours(1));
  desk.told("consent.given", text_field("purpose", "marketing"), desk.now - hours(2));
  desk.begin("campaign");
  CHECK(desk.why() == "denied consent_withdrawn");
  desk.told("consent.given", text_field("purpose", "marketing"), desk.now);
  desk.begin("campaign");
  CHECK(desk.touched() == "campaign");
}

TEST_CASE_METHOD(Shop, "an order that is paid while the call is dialled ends the run at once") {
  add("unpaid", Purpose::recovery, mail(3));
  Seated desk(rules);
  desk.begin("unpaid");
  REQUIRE(desk.open_touch("note").state == TouchState::intended);
  desk.paid();
  CHECK(desk.count<CancelTouch>(desk.effects) == 1);
  CHECK(desk.ended() == "goal");
  desk.answer("note", OperationStatus::done, "no_answer");  // it rang all the same
  CHECK(desk.customer.next_due().is_never());
  CHECK(desk.customer.touches.size() == 1);
}

TEST_CASE_METHOD(Shop, "too often, at the wrong time, for the wrong customer: no contact is made",
                 "[S1-04]") {
  rules.rules.caps = {{{}, 1, days(7)}};
  WindowRule hours_of_day;
  hours_of_day.from = *parse_time_of_day("09:00");
  hours_of_day.to = *parse_time_of_day("20:00");
  rules.rules.windows = {hours_of_day};
  add("one");
  add("two").steps[0].when = FunctionRef{1};
  rules.tests[1] = [](const View& view) -> Result<bool> {
    return view.profile().find("segment").text() == "loyal";
  };
  Seated desk(rules);
  desk.begin("two");
  CHECK(desk.records<StepEnded>().back().outcome == "skipped");  // not for this segment
  desk.now = *parse_instant("2026-01-05T22:00:00Z");
  desk.begin("one");
  CHECK(desk.why() == "held outside_window");
  desk.due();
  CHECK(desk.touched() == "one");
  desk.answer("note", OperationStatus::done);
  desk.now = desk.now + hours(1);
  desk.begin("one");
  CHECK(desk.fact("held_by") == "cap_reached");
  CHECK(desk.touched() == "one");
}

TEST_CASE_METHOD(Shop, "a rule that a step lifts is written down with its reason", "[S1-03]") {
  rules.rules.gap = hours(4);
  add("one");
  SendStep urgent = mail();
  urgent.overrides = {{"gap", "the parcel goes back tomorrow"}};
  add("two", Purpose::service, urgent);
  Seated desk(rules);
  desk.begin("one");
  desk.begin("two");
  CHECK(desk.touched() == "one two");
  const auto decided = desk.records<Decided>();
  REQUIRE(decided.size() == 1);
  CHECK(decided[0].what == "override");
  CHECK(decided[0].choice == "gap");
  CHECK(decided[0].facts.view().find("override_gap").text() == "the parcel goes back tomorrow");
}
