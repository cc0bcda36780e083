// What becomes known of a contact reaches the CRM once, whatever happens in between, and keeps no
// run waiting.
#include "core/run/write_back.h"

#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

OperationResult said(OperationStatus status, std::string word = "") {
  OperationResult result;
  result.status = status;
  result.word = std::move(word);
  return result;
}

struct Crm {
  FakeRules rules;
  Desk desk{rules};
  std::vector<Send> sent;  // all that were sent to the CRM, repeats too

  explicit Crm(DeliveryClass delivery = DeliveryClass::repeatable) {
    rules.add_channel("voice", "voice");
    rules.add_channel("email", "email");
    Connector& crm = rules.connectors["crm"];
    crm.name = "crm";
    crm.delivery = delivery;
    crm.can_look_up = delivery == DeliveryClass::lookup;
    crm.takes_outcomes = true;
    SendStep call = mail();
    call.via = call.channel_kind = "voice";
    call.callbacks = 1;
    Step made = step("call", call);
    made.outcomes.emplace_back("confirmed");
    made.outcomes.emplace_back("delivered");
    rules.add(flow("cod", {made}));
  }

  // Begins a run whose first touch is on its way.
  void begin(const std::string& invoice = "i-1") {
    desk.failed_payment(invoice);
    if (desk.customer.profile.empty()) desk.profile();
  }
  void begin_both() {  // where a second flow begins too, each reads the profile
    desk.failed_payment();
    desk.profile();
    desk.profile();
  }
  void collect() {
    for (const Effect& effect : desk.effects)
      if (const auto* send = std::get_if<Send>(&effect); send && send->touch.channel == "crm")
        sent.push_back(*send);
  }
  void answer(std::string word, const std::string& step_name = "call") {
    for (const Touch& touch : desk.customer.touches) {
      if (touch.step_name != step_name || !touch.is_contact() || !touch.open()) continue;
      OperationResult result = said(OperationStatus::done, std::move(word));
      result.acted_at = desk.now;
      desk.feed(ResultInput{touch.key, result});
      return collect();
    }
    FAIL("no contact is open");
  }
  void crm_says(OperationStatus status) {
    desk.feed(ResultInput{sent.back().touch.key, said(status)});
    collect();
  }
  void due() {
    desk.due();
    collect();
  }
  Doc told(size_t number) const {
    const Doc frozen = opened(desk.customer.id, sent.at(number).touch.held->frozen);
    REQUIRE(frozen.view().find("op").text() == kTouchOutcome);
    return Doc(frozen.view().find("data"));
  }
  std::string told(size_t number, std::string_view field) const {
    const Doc data = told(number);
    return std::string(data.view().find(field).text().value_or(""));
  }
  const Touch* to_crm() const {
    for (const Touch& touch : desk.customer.touches)
      if (touch.channel == "crm") return &touch;
    return nullptr;
  }
};

struct CrmWithLookUp : Crm {
  CrmWithLookUp() : Crm(DeliveryClass::lookup) {}
};

}  // namespace

TEST_CASE_METHOD(Crm, "connected, confirmed, callback and no answer are told, each call once",
                 "[S1-47]") {
  struct Case {
    std::string word;
    bool connected;
  };
  const std::vector<Case> cases = {
      {"delivered", true}, {"confirmed", true}, {"callback", true}, {"no_answer", false}};
  for (size_t i = 0; i < cases.size(); ++i) {
    INFO(cases[i].word);
    begin("i-" + std::to_string(i));
    answer(cases[i].word);
    REQUIRE(sent.size() == i + 1);
    CHECK(told(i, "outcome") == cases[i].word);
    CHECK(told(i).view().find("connected").boolean() == cases[i].connected);
    CHECK(told(i).view().find_path("keys.invoice_id").text() == "i-" + std::to_string(i));
    crm_says(OperationStatus::done);
    CHECK(sent.size() == i + 1);
    CHECK(to_crm() == nullptr);
    desk.paid("i-" + std::to_string(i));
    desk.now = desk.now + days(2);
  }
}

TEST_CASE_METHOD(Crm, "what is told names the contact and holds no amount", "[S1-47]") {
  begin();
  const Key key = desk.open_touch("call").key;
  answer("confirmed");
  CHECK(told(0, "touch") == key.text());
  CHECK(told(0, "flow") == "cod");
  CHECK(told(0, "step") == "call");
  CHECK(told(0, "channel") == "voice");
  CHECK(told(0, "template") == "hello");
  CHECK(told(0).view().find("try").integer() == 1);
  CHECK(to_json(told(0)).find("4900") == std::string::npos);
}

TEST_CASE_METHOD(Crm, "a CRM that is down for hours delays an outcome and loses nothing",
                 "[S1-47]") {
  begin();
  answer("confirmed");
  const Instant down_since = desk.now;
  while (desk.now < down_since + hours(30)) {
    crm_says(OperationStatus::not_now);
    due();
    REQUIRE(sent.back().again);
    REQUIRE(sent.back().touch.key == sent.front().touch.key);
    REQUIRE(sent.back().touch.held->frozen == sent.front().touch.held->frozen);
  }
  crm_says(OperationStatus::done);
  CHECK(to_crm() == nullptr);
  CHECK(desk.customer.next_due().is_never());
}

TEST_CASE_METHOD(Crm, "an outcome on its way keeps no run alive and blocks none", "[S1-47]") {
  begin();
  answer("confirmed");
  CHECK(desk.ended() == "completed");
  CHECK(desk.customer.runs.empty());
  crm_says(OperationStatus::not_now);
  begin("i-2");
  CHECK(desk.customer.runs.size() == 1);
  REQUIRE(to_crm() != nullptr);
}

TEST_CASE_METHOD(Crm, "after a crash an outcome is told again under the same key", "[S1-47]") {
  begin();
  answer("confirmed");
  SECTION("nobody knows how far it got") {
    desk.feed(RecoverInput{});
    due();
  }
  SECTION("it never began") {
    RecoverInput recover;
    recover.never_begun.push_back(sent[0].touch.key);
    desk.feed(recover);
    collect();
  }
  REQUIRE(sent.size() == 2);
  CHECK(sent[1].touch.key == sent[0].touch.key);
  CHECK(sent[1].touch.held->frozen == sent[0].touch.held->frozen);
  crm_says(OperationStatus::done);
  CHECK(to_crm() == nullptr);
}

TEST_CASE_METHOD(CrmWithLookUp, "a CRM that can be asked is asked for as long as it is down",
                 "[S1-47]") {
  begin();
  answer("confirmed");
  crm_says(OperationStatus::unknown);
  for (int i = 0; i < 40; ++i) {
    desk.due();
    REQUIRE(desk.count<LookUp>(desk.effects) == 1);
    desk.feed(LookUpInput{sent[0].touch.key, said(OperationStatus::unknown)});
  }
  REQUIRE(to_crm()->state == TouchState::unknown);
  desk.due();
  desk.feed(LookUpInput{sent[0].touch.key, said(OperationStatus::absent)});
  collect();
  REQUIRE(sent.size() == 2);  // the CRM has never seen it
  CHECK(sent[1].touch.key == sent[0].touch.key);
  crm_says(OperationStatus::done);
  CHECK(to_crm() == nullptr);
}

TEST_CASE_METHOD(Crm, "an outcome that is delivered twice is told once", "[S1-47]") {
  begin();
  const Key call = desk.open_touch("call").key;
  answer("confirmed");
  desk.feed(ResultInput{call, said(OperationStatus::done, "no_answer")});
  collect();
  CHECK(sent.size() == 1);
  crm_says(OperationStatus::done);
  crm_says(OperationStatus::done);
  CHECK(sent.size() == 1);
}

TEST_CASE_METHOD(Crm, "a bounce that comes later is told beside the outcome, once", "[S1-47]") {
  rules.abouts["email.bounced"] = "touch";
  rules.add(flow("mails", {step("mail", mail())}));
  begin_both();
  const Key key = desk.open_touch("mail").key;
  answer("delivered", "mail");
  crm_says(OperationStatus::done);
  const auto bounce = [&](const std::string& id) {
    EventInput input{id,
                     "test",
                     "email.bounced",
                     "c-1",
                     desk.now,
                     Doc::empty_record(),
                     event_hash("shop", "c-1", "test", id),
                     key};
    desk.feed(input);
    collect();
  };
  bounce("b-1");
  REQUIRE(sent.size() == 2);
  CHECK(told(1, "outcome") == "bounced");
  CHECK(told(1, "touch") == key.text());
  crm_says(OperationStatus::done);
  bounce("b-2");  // the provider says so twice, under two ids
  CHECK(sent.size() == 2);
}

TEST_CASE_METHOD(Crm, "an answer to a message is told", "[S1-47]") {
  SendStep asks = mail();
  asks.expect.push_back({"link.clicked", {}});
  rules.add(flow("mails", {step("mail", asks)}));
  begin_both();
  answer("delivered", "mail");
  desk.event("link.clicked", Doc::record({{"invoice_id", Doc::text("i-1")}}));
  collect();
  REQUIRE(sent.size() == 2);
  CHECK(told(0, "outcome") == "delivered");
  CHECK(told(1, "outcome") == "responded");
}

TEST_CASE_METHOD(Crm, "what never left is no contact and is not told", "[S1-47]") {
  begin();
  const Key key = desk.open_touch("call").key;
  desk.feed(ResultInput{key, said(OperationStatus::not_now)});
  desk.paid();
  due();
  CHECK(desk.customer.find_touch(key)->outcome == "failed");
  CHECK(sent.empty());
}

TEST_CASE_METHOD(Crm, "a CRM that takes no outcomes is told nothing", "[S1-47]") {
  SECTION("it cannot write") { rules.connectors["crm"].takes_outcomes = false; }
  SECTION("there is none") { rules.connectors.clear(); }
  begin();
  answer("confirmed");
  CHECK(sent.empty());
  CHECK(desk.customer.touches.size() == 1);
}

TEST_CASE_METHOD(Crm, "a charge is no contact: the CRM is not told of it") {
  rules.add_channel("retry", "retry");
  rules.add(flow("pay", {step("retry", charge())}));
  desk.failed_payment();
  desk.answer("retry", OperationStatus::refused, "declined");
  collect();
  CHECK(sent.empty());
}
