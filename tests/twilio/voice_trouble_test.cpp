// relance.voice.twilio where the provider is slow, repeats itself, mixes things up or falls silent.
#include "twilio/talk.h"

using namespace relance;
using namespace relance::callees;

namespace {

using Effects = FakeProvider::Effects;
using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("questions that come three times are answered alike and move the call once") {
  Talk talk;
  talk.twilio.ask_times(3);
  talk.twilio.copy_callbacks(2);
  talk.pick_up(says({words("yes"), keys("1")}));
  talk.say("Hello.");
  CHECK(talk.ask("Ann?").text == "yes");
  CHECK(talk.ask("A link?").keys == "1");
  talk.perform("say", "Goodbye.");
  talk.perform("end");
  CHECK(talk.ending().word == "delivered");
  CHECK(talk.twilio.differing_answers().empty());
  CHECK(talk.call().heard == Lines{"Hello.", "Ann?", "A link?", "Goodbye."});
  CHECK(talk.stage().heard(5).size() == 5);
}

TEST_CASE("a call is over before its dialling was answered") {
  Talk talk;
  talk.twilio.answer_after(milliseconds(400));
  talk.pick_up(says({words("yes")}));
  CHECK(talk.ask("Ann?").text == "yes");
  talk.perform("end");
  const OperationResult result = talk.ending();
  CHECK(result.word == "delivered");
  CHECK(result.refs.size() == 1);
}

TEST_CASE("where the answer to the dialling is lost the callbacks tell") {
  Talk talk;
  const auto how = GENERATE(0, 1, 2);
  if (how == 0) talk.twilio.html_next(1, Effects::done);
  if (how == 1) talk.twilio.drop_next(1, Effects::done);
  if (how == 2) talk.twilio.answer_next(1, 500, "{}", Effects::done);
  talk.pick_up(says({words("yes")}));
  CHECK(talk.ask("Ann?").text == "yes");
  talk.perform("end");
  CHECK(talk.ending().word == "delivered");
  CHECK(talk.twilio.ledger().doubled() == 0);
}

TEST_CASE("a call of which nothing is heard at all is unknown, and the look-up finds it absent") {
  Talk talk(R"(,"ring_s":1,"watch_s":1,"machine_detection":"off")");
  talk.twilio.answer_next(1, 500, "{}");
  talk.dial(who(Picks::up));
  CHECK(talk.ending().status == OperationStatus::unknown);
  CHECK(talk.stage().look_up(talk.order()).status == OperationStatus::absent);
}

TEST_CASE("a look-up finds a call by number and time, and waits for one that is under way") {
  Talk talk;
  talk.pick_up(says({words("yes")}));
  CHECK(talk.stage().look_up(talk.order()).status == OperationStatus::not_now);
  talk.perform("end");
  talk.ending();
  const OperationResult found = talk.stage().look_up(talk.order());
  CHECK(found.status == OperationStatus::done);
  REQUIRE(found.refs.size() == 1);
  CHECK(talk.stage().look_up(talk.order(), found.refs).status == OperationStatus::done);
  CHECK(talk.stage().look_up(talk.order(), {"CA404"}).refs == found.refs);
  TouchOrder later = talk.order();
  later.touch.intended_at = SystemClock().now() + minutes(5);
  CHECK(talk.stage().look_up(later).status == OperationStatus::absent);
}

TEST_CASE("a look-up knows what nobody picked up") {
  Talk talk;
  talk.dial(who(Picks::nothing));
  talk.ending();
  CHECK(talk.stage().look_up(talk.order()).word == "no_answer");
}

TEST_CASE("a call that is cancelled while it rings ends as cancelled") {
  Talk talk;
  Callee slow = says({});
  slow.ring_ms = 5000;
  talk.dial(slow);
  REQUIRE(talk.twilio.wait_until([&] { return talk.call().status == "ringing"; }));
  REQUIRE(talk.twilio.wait_until([&] { return talk.twilio.callbacks().size() == 1; }));
  talk.stage().host().cancel(talk.order().touch.key);
  CHECK(talk.ending().status == OperationStatus::cancelled);
  CHECK(talk.call().status == "canceled");
}

TEST_CASE("a call that is cancelled while it is up is hung up") {
  Talk talk;
  talk.pick_up(says({words("yes")}));
  talk.ask("Ann?");
  talk.stage().host().cancel(talk.order().touch.key);
  CHECK(talk.ending().word == "hung_up");
}

TEST_CASE("forged callbacks neither answer nor end a call") {
  Talk talk(R"(,"answer_within_ms":50)");
  talk.pick_up(says({words("yes")}));
  talk.say("Hello.");
  const Key key = talk.order().touch.key;
  const std::string url = talk.callback_url(key);
  const auto ask = [&](const std::string& path, const Form& form, const std::string& token) {
    InboundRequest request = signed_request(url + path, form, token);
    request.path = path;
    request.key = key;
    return talk.stage().request(std::move(request));
  };
  const std::string sid = "CA" + std::string(31, '0') + "1";
  const Form over{{"CallSid", sid}, {"CallStatus", "completed"}};
  CHECK(ask("/status", over, "another_token").status == 403);
  CHECK(ask("/heard/1", {{"CallSid", sid}, {"Digits", "1"}}, "another_token").status == 403);
  CHECK(ask("/status", {{"CallStatus", "completed"}}, FakeTwilio::kToken).status == 400);
  CHECK(ask("/status", {{"CallSid", "CA999"}, {"CallStatus", "completed"}}, FakeTwilio::kToken)
            .status == 200);
  CHECK_FALSE(talk.stage().answered(key));
  CHECK(talk.ask("Ann?").text == "yes");
}

TEST_CASE("an answer that is replayed later is not taken for another one") {
  Talk talk;
  talk.pick_up(says({keys("1"), keys("2")}));
  const Key key = talk.order().touch.key;
  CHECK(talk.ask("first").keys == "1");
  CHECK(talk.ask("second").keys == "2");
  InboundRequest replay =
      signed_request(talk.callback_url(key) + "/heard/1",
                     {{"CallSid", "CA" + std::string(31, '0') + "1"}, {"Digits", "1"}});
  replay.path = "/heard/1";
  replay.key = key;
  CHECK(talk.stage().request(replay).status == 200);
  CHECK(talk.stage().heard(3).size() == 3);
  talk.perform("end");
  CHECK(talk.ending().word == "delivered");
}

TEST_CASE("a call that this instance does not know is ended, not left silent") {
  Talk talk;
  const Key key = derive_key({"touch", "of before a restart"});
  InboundRequest request = signed_request(talk.callback_url(key) + "/next/4", {{"CallSid", "CA7"}});
  request.path = "/next/4";
  request.key = key;
  const InboundAnswer answer = talk.stage().request(request);
  CHECK(answer.status == 200);
  CHECK(answer.body.find("<Hangup/>") != std::string::npos);
}

TEST_CASE("a call whose end is never told is asked after") {
  Talk talk(R"(,"ring_s":1,"watch_s":1,"machine_detection":"off")");
  talk.twilio.hold_callbacks();
  talk.dial(who(Picks::busy));
  CHECK(talk.ending().word == "busy");
}

TEST_CASE("a thousand calls are under way at once, and each has its own ending", "[S0-21]") {
  Talk talk(R"(,"answer_within_ms":2000)");
  talk.stage().patience = std::chrono::seconds(120);
  constexpr int kCalls = 1000;
  Callee callee = says({});
  callee.ring_ms = 200;
  std::vector<TouchOrder> orders;
  for (int i = 0; i < kCalls; ++i) {
    const std::string number = "+1415" + std::to_string(5550000 + i);
    if (i % 10 == 0) callee.picks = Picks::nothing;
    talk.twilio.callee(number, callee);
    callee.picks = Picks::up;
    orders.push_back(Wires::conversation("many" + std::to_string(i), number));
    talk.stage().host().send(orders.back());
  }
  const auto there = talk.stage().heard(kCalls - kCalls / 10);
  CHECK(talk.twilio.calls().size() == kCalls);
  for (const TouchOrder& order : orders)
    talk.stage().host().perform({order.customer, order.touch.key, 1, "end", "", {}, "en", {}});
  std::map<std::string, int> words;
  for (const TouchOrder& order : orders) ++words[talk.stage().answer_of(order.touch.key).word];
  for (size_t i = 0; i < kCalls; ++i)
    for (const std::string& trouble : talk.twilio.call(i).trouble) UNSCOPED_INFO(trouble);
  CHECK(words == std::map<std::string, int>{{"delivered", 900}, {"no_answer", 100}});
  CHECK(talk.twilio.ledger().doubled() == 0);
}
