// What a policy of channels is told and may say, as records.
#include <catch2/catch.hpp>

#include "script/bundle_rules.h"
#include "script/compiling.h"
#include "script/policy_ask.h"
#include "script/worker_view.h"

using namespace relance;

namespace {

struct Choice {
  RunToLookAt look;
  Channel email, voice;
  PolicyQuestion question{"choose", 1, 2, {}, {}, &Zone::utc()};
  ContactRules rules;

  Choice() {
    SendStep tell;
    tell.channels = {{"email", "email"}, {"voice", "voice"}};
    look.flow.steps[1].body = tell;
    email.name = email.kind = "email";
    voice.name = voice.kind = "voice";
    voice.cost_micro = 500'000;
    voice.cost_currency = *Currency::parse("EUR");
    Candidate mail, call;
    mail.channel = &email;
    mail.stand = Candidate::Stand::denied;
    mail.reason = Reason::no_address;
    call.channel = &voice;
    call.stand = Candidate::Stand::held;
    call.reason = Reason::outside_window;
    call.until = *parse_instant("2026-01-06T09:00:00Z");
    call.sent = 2;
    call.answered = 1;
    call.last = &look.customer.touches[0];
    question.candidates = {mail, call};
    question.deadline = *parse_instant("2026-01-06T10:00:00Z");
  }
  View view() const { return {look.customer, look.run, look.flow, Instant{}}; }
  Result<PolicyAnswer> read(const std::string& json) const {
    return read_policy_answer("p", *from_json(json), question, view());
  }
};

}  // namespace

TEST_CASE_METHOD(Choice, "every channel is told with its cost, the gate's word and its history") {
  const Doc ask = policy_ask(question, view(), rules);
  CHECK(to_json(ask.view().find("choices")) == R"(["email","voice"])");
  CHECK(to_json(ask.view().find("candidates")) ==
        R"([{"allowed":false,"answered":0,"channel":"email","denied":true,"kind":"email",)"
        R"("reason":"no_address","sent":0},)"
        R"({"allowed":false,"answered":1,"channel":"voice","cost_micro":500000,"currency":"EUR",)"
        R"("kind":"voice","last_at":"1970-01-01T00:08:20Z","last_outcome":"voicemail",)"
        R"("reason":"outside_window","sent":2,"until":"2026-01-06T09:00"}])");
  CHECK(ask.view().find("failures").integer() == 2);
  CHECK(ask.view().find("deadline").text() == "2026-01-06T10:00");
}

TEST_CASE_METHOD(Choice, "a question of time is not told of channels") {
  question.kind = "at";
  const Doc ask = policy_ask(question, view(), rules);
  CHECK(ask.view().find("candidates").is_null());
  CHECK(ask.view().find("failures").is_null());
}

TEST_CASE_METHOD(Choice,
                 "a plugin's choice weighs the event that began the run, clicks beside it") {
  look.run.latest = look.sealed({{"text", Doc::text("clicked")}});
  const Doc ask = *from_json(whole_policy_ask(question, view(), rules));
  CHECK(ask.view().find_path("event.amount").money()->minor == 4900);
  CHECK(ask.view().find_path("event.text").text() == "clicked");
}

TEST_CASE_METHOD(Choice, "the answer is a channel with a reason, or that none is worth it") {
  const auto chosen =
      read(R"({"choice":"voice","reason":"gain","facts":{"gain":1.5,"list":[1],"why":"much"}})");
  REQUIRE(chosen.ok());
  CHECK(chosen->choice == "voice");
  CHECK(to_json(chosen->facts) == R"({"gain":1.5,"why":"much"})");
  const auto none = read(R"({"never":true,"reason":"not_worth_it"})");
  REQUIRE(none.ok());
  CHECK(none->never);
  CHECK(read(R"({"reason":"gain"})").error().message == "policy 'p' gives no 'choice'");
}

TEST_CASE("a send over several channels has the words of all their kinds and the script's") {
  Compiling compiled(
      "f.tell = send { via = { \"email\", \"voice\" }, choose = policy \"evening\", "
      "template = \"pay\", script = \"help\" }\n"
      "f.human = handoff { after = any { f.tell.wants_human, f.tell.dissatisfied }, queue = "
      "\"billing\" }\nf.next = wait { after = any { f.tell.bounced, f.tell.voicemail }, days(1) }");
  const auto& send = std::get<SendStep>(compiled.step("tell").body);
  CHECK(send.via.empty());
  CHECK(send.channels == std::vector<SendChannel>{{"email", "email"}, {"voice", "voice"}});
  CHECK(send.choose == "evening");
  CHECK(send.template_name == "pay");
  CHECK(compiled.step("tell").has_outcome("bounced"));
  CHECK(compiled.step("tell").has_outcome("no_answer"));
}
