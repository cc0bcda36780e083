// A send over several channels: a policy picks one for each try, the gate has the last word.
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

using Stand = Candidate::Stand;

// Picks what it is told, and keeps what it was asked.
struct Choosing {
  FakeRules rules;
  std::vector<PolicyQuestion> asked;
  std::map<int, std::string> picks;  // by try; else the first that may go

  Choosing() {
    for (const char* kind : {"email", "sms", "voice"}) {
      Channel& channel = rules.add_channel(kind, kind);
      channel.cost_currency = Desk::eur();
      channel.cost_micro = channel.name == "email" ? 100 : channel.name == "sms" ? 75'000 : 500'000;
    }
    rules.policy_says = [this](const PolicyQuestion& question) {
      asked.push_back(question);
      return PolicyAnswer{{}, false, pick(question), "told", {}};
    };
  }
  std::string pick(const PolicyQuestion& question) const {
    if (const auto told = picks.find(question.try_no); told != picks.end()) return told->second;
    for (const Candidate& one : question.candidates)
      if (one.stand == Stand::allowed) return one.channel->name;
    return question.candidates.front().channel->name;
  }
  void only_by_day(const char* kind) {
    WindowRule window;
    window.scope.channel = kind;
    window.from = TimeOfDay{9 * 60};
    window.to = TimeOfDay{21 * 60};
    rules.rules.windows.push_back(window);
  }
  static std::vector<std::string> channels(const Desk& desk) {
    std::vector<std::string> names;
    for (const Touch& touch : desk.customer.touches) names.push_back(touch.channel.str());
    return names;
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(Choosing, "each try goes over the channel that the policy picks for it [S2-05]",
                 "[S2-05]") {
  SendStep tell = any_of({"email", "sms", "voice"}, 3);
  tell.gap = hours(1);
  picks = {{1, "sms"}, {2, "voice"}, {3, "voice"}};
  rules.add(flow("pay", {step("tell", tell)}));
  Desk desk(rules);
  desk.failed_payment();
  CHECK(asked.empty());  // who he is must be known first
  desk.profile();
  CHECK(channels(desk) == Names{"sms"});
  desk.answer("tell", OperationStatus::done, "no_answer");
  desk.due();
  CHECK(channels(desk) == Names{"sms", "voice"});
  desk.answer("tell", OperationStatus::done, "busy");
  desk.due();
  CHECK(channels(desk) == Names{"sms", "voice", "voice"});
  desk.answer("tell", OperationStatus::done, "delivered");
  CHECK(desk.outcome("tell") == "delivered");
  CHECK(asked.size() == 3);
  CHECK(asked[2].try_no == 3);
  CHECK(asked[2].earlier.size() == 2);
}

TEST_CASE_METHOD(Choosing,
                 "[S2-12] the choice is recorded with its reason, its revision and the costs",
                 "[S2-12]") {
  rules.add(flow("pay", {step("tell", any_of({"email", "voice"}))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile(Doc::record({{"phone", Doc::text("+33639980001")}}));
  REQUIRE(desk.records<Decided>().size() == 1);
  const Decided said = desk.records<Decided>()[0];
  CHECK(said.what == "policy");
  CHECK(said.choice == "voice");
  const DocView facts = said.facts.view();
  CHECK(facts.find("policy").text() == "ladder");
  CHECK(facts.find("reason").text() == "told");
  CHECK(facts.find("revision").text() == "r1");
  CHECK(to_json(facts.find("channels")) ==
        R"([{"channel":"email","cost_micro":100,"currency":"EUR","not_now":"no_address"},)"
        R"({"channel":"voice","cost_micro":500000,"currency":"EUR"}])");
}

TEST_CASE_METHOD(Choosing,
                 "what the gate says of each channel now is told: address, consent, hour") {
  only_by_day("voice");
  rules.add(flow("pay", {step("tell", any_of({"email", "sms", "voice"}))}));
  Desk desk(rules);
  desk.now = *parse_instant("2026-01-05T22:30:00Z");
  desk.event("consent.withdrawn",
             Doc::record({{"channel", Doc::text("sms")}, {"purpose", Doc::text("recovery")}}));
  desk.failed_payment();
  desk.profile();
  REQUIRE(asked.size() == 1);
  const std::vector<Candidate>& seen = asked[0].candidates;
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].stand == Stand::allowed);
  CHECK(seen[1].stand == Stand::denied);
  CHECK(seen[1].reason == Reason::consent_withdrawn);
  CHECK(seen[2].stand == Stand::held);
  CHECK(seen[2].until == *parse_instant("2026-01-06T09:00:00Z"));
  CHECK(channels(desk) == Names{"email"});
}

TEST_CASE_METHOD(Choosing,
                 "[S1-28] within the hour, or over what may go: the window wins for calls",
                 "[S1-28]") {
  only_by_day("voice");
  SendStep tell = any_of({"sms", "voice"});
  tell.deadline = FieldMoment{FieldMoment::Kind::since, "event.time", minutes(60), 0, {}};
  picks = {};
  rules.policy_says = [this](const PolicyQuestion& question) {
    asked.push_back(question);
    const Candidate& call = question.candidates[1];
    return PolicyAnswer{{}, false, call.stand == Stand::denied ? "sms" : "voice", "told", {}};
  };
  rules.add(flow("retry", {step("tell", tell), step("later", wait_for(days(1)), on(0, {"late"}))}));
  Desk desk(rules);
  SECTION("at night no call is made in time, so a message goes") {
    desk.now = *parse_instant("2026-01-05T22:30:00Z");
    desk.failed_payment();
    desk.profile();
    CHECK(asked[0].candidates[1].reason == Reason::deadline_passed);
    CHECK(asked[0].deadline == desk.now + minutes(60));
    CHECK(channels(desk) == Names{"sms"});
  }
  SECTION("just before nine the call is in time") {
    desk.now = *parse_instant("2026-01-06T08:30:00Z");
    desk.failed_payment();
    desk.profile();
    CHECK(channels(desk).empty());
    desk.due();
    CHECK(desk.now == *parse_instant("2026-01-06T09:00:00Z"));
    CHECK(channels(desk) == Names{"voice"});
  }
  SECTION("where none is in time the step ends late, and what hangs on it follows") {
    only_by_day("sms");
    desk.now = *parse_instant("2026-01-05T22:30:00Z");
    desk.failed_payment();
    desk.profile();
    CHECK(asked.empty());
    CHECK(desk.outcome("tell") == "late");
    CHECK(desk.records<TouchJudged>().back().reason == "deadline_passed");
    CHECK(desk.customer.runs[0].find(1) != nullptr);
  }
}

TEST_CASE_METHOD(Choosing, "what is held is chosen anew when it may go") {
  only_by_day("sms");
  rules.add(flow("pay", {step("tell", any_of({"sms", "voice"}))}));
  picks = {{1, "sms"}};
  Desk desk(rules);
  desk.now = *parse_instant("2026-01-05T22:30:00Z");
  desk.failed_payment();
  desk.profile();
  CHECK(channels(desk).empty());
  picks = {{1, "voice"}};
  desk.due();
  CHECK(asked.size() == 2);
  CHECK(channels(desk) == Names{"voice"});
}

TEST_CASE_METHOD(Choosing, "no channel is worth it: the step is denied for the policy's reason") {
  rules.policy_says = [](const PolicyQuestion&) {
    return PolicyAnswer{{}, true, "", "not_worth_it", {}};
  };
  rules.add(flow("pay", {step("tell", any_of({"sms", "voice"}))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  CHECK(desk.outcome("tell") == "denied");
  CHECK(desk.records<StepEnded>()[0].reason == "not_worth_it");
  CHECK(desk.customer.touches.empty());
}

TEST_CASE_METHOD(Choosing, "without any channel to reach him the gate says why, unasked") {
  rules.add(flow("pay", {step("tell", any_of({"email", "sms"}))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile(Doc::record({{"first_name", Doc::text("Ann")}}));
  CHECK(asked.empty());
  CHECK(desk.outcome("tell") == "denied");
  CHECK(desk.records<StepEnded>()[0].reason == "no_address");
}

TEST_CASE_METHOD(Choosing, "a policy that names another channel fails its step") {
  picks = {{1, "fax"}};
  rules.add(flow("pay", {step("tell", any_of({"email", "sms"}))}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  CHECK(desk.outcome("tell") == "failed");
  CHECK(desk.customer.touches.empty());
}

TEST_CASE_METHOD(Choosing, "[S2-22] what he answered before is told, channel by channel",
                 "[S2-22]") {
  SendStep ask = mail();
  ask.expect.push_back({"link.clicked", {}});
  rules.add(flow("pay", {step("ask", ask)}));
  Flow& next = rules.add(flow("next", {step("tell", any_of({"email", "sms"}))}));
  next.start = {{"order.unpaid", {}}};
  next.key = {"order_id"};
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  const Key mailed = desk.customer.touches[0].key;
  desk.answer("ask", OperationStatus::done);
  desk.now = desk.now + minutes(20);
  EventInput click{"c-1", "test", "link.clicked", "c-1", desk.now, Doc::empty_record(), 77, mailed};
  desk.feed(click);
  CHECK(desk.customer.runs.empty());  // it responded; that run is over
  CHECK(desk.records<TouchAnswered>().size() == 1);
  CHECK(desk.customer.find_touch(mailed)->answered_s == 20 * 60 + 1);

  desk.event("order.unpaid", Doc::record({{"order_id", Doc::text("o-1")}}));
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].candidates[0].sent == 1);
  CHECK(asked[0].candidates[0].answered == 1);
  CHECK(asked[0].candidates[1].sent == 0);
}

TEST_CASE_METHOD(Choosing,
                 "who asks to be called back is called, whatever the policy says by then") {
  SendStep tell = any_of({"sms", "voice"}, 2);
  tell.callbacks = 1;
  picks = {{1, "voice"}, {2, "sms"}};
  rules.add(flow("pay", {step("tell", tell)}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  desk.answer("tell", OperationStatus::done, "callback", Doc::record({{"at", Doc::text("18:00")}}));
  desk.due();
  CHECK(channels(desk) == Names{"voice", "voice"});
  CHECK(asked.size() == 1);
}

TEST_CASE_METHOD(Choosing, "a want that waits for its lane keeps its channel over a restart") {
  picks = {{1, "sms"}};
  rules.add(flow("pay", {step("tell", any_of({"email", "sms"}))}));
  Desk desk(rules);
  desk.slots.open = false;
  desk.failed_payment();
  desk.profile();
  picks = {{1, "email"}};
  desk.feed(RecoverInput{desk.now.ms, {}, {}});
  REQUIRE(desk.count<Want>(desk.effects) == 1);
  const Want want = std::get<Want>(desk.effects[0]);
  CHECK(want.channel == "sms");
  desk.feed(SlotInput{want.run, want.step, want.try_no, want.channel});
  CHECK(channels(desk) == Names{"sms"});
  CHECK(asked.size() == 1);
}
