// When a try leaves: what its `at` says, whom it is asked about, and what a hold does to it.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr Duration kDay = days(1);

struct Times {
  FakeRules rules;
  std::vector<Instant> asked;        // `not_before` of each question
  std::vector<std::string> zones;    // of each question
  std::vector<Duration> moves_by{};  // its answers: so long after; the last repeats

  Times() {
    rules.add_channel("voice", "voice");
    rules.add_channel("email", "email");
    rules.add_channel("retry", "retry");
    rules.connectors["crm"] = Connector{"crm", DeliveryClass::repeatable, false, {}, {}, 0};
    rules.policy_says = [this](const PolicyQuestion& question) {
      const size_t at = std::min(asked.size(), moves_by.size() - 1);
      asked.push_back(question.not_before);
      zones.emplace_back(question.zone->name());
      return PolicyAnswer{question.not_before + moves_by[at], false, "a", "told"};
    };
  }
  static SendStep call(int tries) {
    SendStep made = mail(tries);
    made.via = made.channel_kind = "voice";
    made.at.policy = "another_band";
    return made;
  }
  static SendStep mail_at(const char* time) {
    SendStep made = mail();
    made.at.local = *parse_time_of_day(time);
    return made;
  }
  void one_a_day() {
    CapRule cap;
    cap.scope.channel = "voice";
    cap.at_most = 1;
    cap.per = kDay;
    rules.rules.caps.push_back(cap);
  }
  void open(const char* from, const char* to, uint8_t on = 0x7f) {
    WindowRule window;
    window.from = *parse_time_of_day(from);
    window.to = *parse_time_of_day(to);
    window.weekdays = on;
    rules.rules.windows.push_back(window);
  }
  static Doc in_tokyo() {
    return Doc::record({{"email", Doc::text("ann@example.com")},
                        {"phone", Doc::text("+33639980001")},
                        {"timezone", Doc::text("Asia/Tokyo")}});
  }
  // The call of its first day, unanswered; the cap holds the next one until that hour of tomorrow.
  void call_in_vain(Desk& desk) {
    desk.failed_payment();
    desk.profile();
    desk.answer("call", OperationStatus::done, "no_answer");
  }
};

}  // namespace

TEST_CASE_METHOD(Times, "a policy is asked again when a cap has led the call past its time [S1-49]",
                 "[S1-49]") {
  one_a_day();
  rules.add(flow("pay", {step("call", call(2))}));
  moves_by = {Duration{}, hours(3),
              hours(5)};  // at once; three hours later; from the cap's end five
  Desk desk(rules);
  const Instant start = desk.now;
  call_in_vain(desk);
  desk.due();
  REQUIRE(desk.now == start + hours(3));
  CHECK(desk.customer.touches.size() == 1);
  desk.due();
  REQUIRE(desk.now == start + kDay);
  CHECK(desk.customer.touches.size() == 1);
  desk.due();
  CHECK(desk.now == start + kDay + hours(5));
  CHECK(desk.customer.touches.size() == 2);
  CHECK(asked == std::vector<Instant>{start, start, start + kDay});
}

TEST_CASE_METHOD(Times, "another hold does not move it a second time") {
  one_a_day();
  rules.rules.gap = hours(4);
  rules.add(flow("pay", {step("call", call(2))}));
  Flow other = flow("other", {step("mail", mail())});
  other.start = {{"order.placed", {}}};
  rules.add(other);
  moves_by = {Duration{}, hours(3), hours(5)};
  Desk desk(rules);
  const Instant start = desk.now;
  call_in_vain(desk);
  desk.due();
  desk.due();
  desk.now = start + kDay + hours(4);
  desk.event("order.placed", Doc::record({{"invoice_id", Doc::text("i-2")}}));
  REQUIRE(desk.customer.touches.size() == 2);
  desk.due();
  CHECK(desk.now == start + kDay + hours(5));
  desk.due(start + kDay + hours(8));
  CHECK(desk.customer.touches.size() == 3);
  CHECK(asked.size() == 3);
}

TEST_CASE_METHOD(Times, "a hold that ends within the hour leaves a time as it is") {
  rules.rules.gap = minutes(30);
  rules.add(flow("pay", {step("first", mail_at("18:00")), step("second", mail_at("18:00"))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  desk.profile();
  desk.due();
  CHECK(format_instant(desk.now) == "2026-01-05T18:00:00Z");
  desk.due();
  CHECK(format_instant(desk.now) == "2026-01-05T18:30:00Z");
  CHECK(desk.customer.touches.size() == 2);
}

TEST_CASE_METHOD(Times, "a mail held over the weekend leaves at its hour of Monday") {
  open("10:00", "20:00", 0x1f);
  rules.add(flow("pay", {step("mail", mail_at("18:00"))}));
  Desk desk(rules);
  desk.now = *parse_instant("2026-01-10T12:00:00Z");  // a Saturday
  desk.failed_payment();
  desk.profile();
  desk.due();
  CHECK(format_instant(desk.now) == "2026-01-10T18:00:00Z");
  desk.due();
  CHECK(format_instant(desk.now) == "2026-01-12T10:00:00Z");
  CHECK(desk.customer.touches.empty());
  desk.due();
  CHECK(format_instant(desk.now) == "2026-01-12T18:00:00Z");
  CHECK(desk.customer.touches.size() == 1);
}

TEST_CASE_METHOD(Times,
                 "a time that lies outside the window leaves at its opening, not a day late") {
  open("09:00", "21:00");
  rules.add(flow("pay", {step("mail", mail_at("07:00"))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  desk.due();
  CHECK(format_instant(desk.now) == "2026-01-06T07:00:00Z");
  desk.due();
  CHECK(format_instant(desk.now) == "2026-01-06T09:00:00Z");
  CHECK(desk.customer.touches.size() == 1);
}

TEST_CASE_METHOD(Times, "a policy and a local time are asked about a customer who was read") {
  moves_by = {Duration{}};
  SECTION("a policy of a send") {
    rules.add(flow("pay", {step("call", call(1))}));
    Desk desk(rules);
    desk.failed_payment();
    CHECK(asked.empty());
    desk.profile(in_tokyo());
    CHECK(zones == std::vector<std::string>{"Asia/Tokyo"});
    CHECK(desk.customer.touches.size() == 1);
  }
  SECTION("a policy that decides") {
    DecideStep plan;
    plan.kind = DecideStep::Kind::policy;
    plan.policy = "value_gate";
    Step made = step("plan", plan);
    made.outcomes = {"a", "b"};
    rules.add(flow("pay", {made}));
    Desk desk(rules);
    desk.failed_payment();
    CHECK(asked.empty());
    desk.profile(in_tokyo());
    CHECK(zones == std::vector<std::string>{"Asia/Tokyo"});
    CHECK(desk.outcome("plan") == "a");
  }
  SECTION("a local time of a send") {
    rules.add(flow("pay", {step("mail", mail_at("09:00"))}));
    Desk desk(rules);
    desk.failed_payment();
    desk.profile(in_tokyo());
    desk.due();
    CHECK(format_instant(desk.now) == "2026-01-06T00:00:00Z");
    CHECK(desk.customer.touches.size() == 1);
  }
  SECTION("a local time that is waited for") {
    WaitStep wait;
    wait.until_local = *parse_time_of_day("09:00");
    rules.add(flow("pay", {step("wait", wait)}));
    Desk desk(rules);
    desk.failed_payment();
    desk.profile(in_tokyo());
    desk.due();
    CHECK(format_instant(desk.now) == "2026-01-06T00:00:00Z");
    CHECK(desk.outcome("wait") == "done");
  }
}

TEST_CASE_METHOD(Times, "he is read once: the next question finds him known") {
  moves_by = {Duration{}};
  rules.add(flow("pay", {step("call", call(2))}));
  Desk desk(rules);
  call_in_vain(desk);
  CHECK(asked.size() == 2);
  CHECK(desk.records<ProfileRead>().size() == 1);
}

TEST_CASE_METHOD(Times, "after a restart he is read again, and the policy asked then") {
  moves_by = {hours(3)};
  rules.add(flow("pay", {step("call", call(1))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.feed(RecoverInput{});
  CHECK(desk.count<Read>(desk.effects) == 1);
  const Instant start = desk.now;
  desk.profile();
  desk.due();
  CHECK(desk.now == start + hours(3));
}

TEST_CASE_METHOD(Times, "a CRM in trouble delays a message, never a charge or a decision") {
  moves_by = {Duration{}};
  OperationResult trouble;
  trouble.status = OperationStatus::not_now;
  SECTION("a message is asked about when it is back") {
    rules.add(flow("pay", {step("call", call(1))}));
    Desk desk(rules);
    desk.failed_payment();
    desk.feed(ReadInput{desk.customer.runs[0].steps[0].touch, trouble});
    CHECK(desk.customer.runs[0].steps[0].phase == Phase::held);
    CHECK(asked.empty());
    desk.due();
    desk.profile();
    CHECK(asked.size() == 1);
    CHECK(desk.customer.touches.size() == 1);
  }
  SECTION("a charge goes") {
    ChargeStep retry = charge();
    retry.at.policy = "smart_retry";
    rules.add(flow("pay", {step("retry", retry)}));
    Desk desk(rules);
    desk.failed_payment();
    desk.feed(ReadInput{desk.customer.runs[0].steps[0].touch, trouble});
    CHECK(zones == std::vector<std::string>{"UTC"});
    CHECK(desk.customer.touches.size() == 1);
  }
}
