// relance.voice.twilio against the fake provider: conversations and every way in which a call ends.
#include "twilio/talk.h"

using namespace relance;
using namespace relance::callees;

namespace {

bool ended(const OperationResult& result, std::string_view word) {
  UNSCOPED_INFO(operation_status_name(result.status)
                << ' ' << result.word << ' ' << result.reason << ' ' << to_json(result.data));
  return result.status == OperationStatus::done && result.word == word;
}

using Lines = std::vector<std::string>;
constexpr const char* kDisclosure = "Hello, I am the automated assistant of Lumen Shop.";

}  // namespace

TEST_CASE("a call carries turns both ways: speech, keys, silence", "[S0-04][S0-05]") {
  Talk talk;
  talk.pick_up(says({words("yes it's me"), keys("2"), silence()}));
  talk.say(kDisclosure);
  const HeardInput who = talk.ask("Am I speaking with Ann?");
  CHECK(who.text == "yes it's me");
  CHECK_FALSE(who.silent);
  const HeardInput why = talk.ask("Why?", {"no_funds", "bank_failure", "other"});
  CHECK(why.keys == "2");
  CHECK(why.text.empty());
  CHECK(talk.ask("Shall I send a link?").silent);
  talk.perform("say", "Goodbye.");
  talk.perform("end");
  CHECK(talk.next().turn == 5);
  CHECK(ended(talk.ending(), "delivered"));
  CHECK(talk.call().heard ==
        Lines{kDisclosure, "Am I speaking with Ann?", "Why?", "Shall I send a link?", "Goodbye."});
  CHECK(talk.call().trouble.empty());
  CHECK(talk.call().status == "completed");
}

TEST_CASE("what was said in a call stays with the touch, word for word", "[S0-15][S0-16]") {
  Talk talk;
  talk.pick_up(says({words("the bank refused it"), keys("1")}));
  talk.say(kDisclosure);
  talk.ask("Do you know why?");
  talk.ask("A link?");
  talk.perform("end");
  const OperationResult result = talk.ending();
  const DocView lines = result.data.view().find("transcript");
  std::string told;
  for (const auto& [none, line] : lines.items())
    told +=
        std::string(*line.find("by").text()) + ": " + std::string(*line.find("text").text()) + "\n";
  CHECK(told == std::string("us: ") + kDisclosure +
                    "\nus: Do you know why?\ncustomer: the bank refused it\n"
                    "us: A link?\ncustomer: 1\n");
  CHECK(result.data.view().find("answered_by").text() == "human");
  CHECK(result.cost_micro == 20000);
  CHECK(result.refs.size() == 1);
}

TEST_CASE("the script's first line is the first that she hears, however late it comes") {
  Talk talk(R"(,"answer_within_ms":50)");
  talk.pick_up(says({words("yes")}));
  // The engine is slow: the provider asks several times, and nothing is said meanwhile.
  REQUIRE(talk.twilio.wait_until([&] { return talk.call().heard.empty() && talk.asked() >= 3; }));
  talk.say(kDisclosure);
  CHECK(talk.call().heard.front() == kDisclosure);
}

TEST_CASE("a silence in the middle of a call is filled once, and the call stays up") {
  Talk talk(R"(,"answer_within_ms":50)");
  talk.pick_up(says({words("yes")}));
  talk.say(kDisclosure);
  const size_t before = talk.asked();
  REQUIRE(talk.twilio.wait_until([&] { return talk.asked() >= before + 4; }));
  CHECK(talk.call().heard == Lines{kDisclosure, "One moment, please."});
  CHECK(talk.call().status == "in-progress");
  CHECK(talk.ask("Are you still there?").text == "yes");
  talk.perform("end");
  CHECK(ended(talk.ending(), "delivered"));
}

TEST_CASE("a call waits for what happens outside, then says the goal's line", "[S0-17][S2-28]") {
  Talk talk(R"(,"answer_within_ms":50)");
  talk.pick_up(says({keys("1")}));
  talk.say(kDisclosure);
  CHECK(talk.ask("Shall I send you a link?").keys == "1");
  // The link leaves by text message and is used: no turn is performed for as long as that takes.
  const size_t before = talk.asked();
  REQUIRE(talk.twilio.wait_until([&] { return talk.asked() >= before + 3; }));
  CHECK_FALSE(talk.stage().answered(talk.order().touch.key));
  talk.perform("say", "Your payment has just arrived. Thank you.");
  talk.perform("end");
  CHECK(ended(talk.ending(), "delivered"));
  CHECK(talk.call().heard.back() == "Your payment has just arrived. Thank you.");
}

TEST_CASE("a call is handed to a person, or goes on where nobody takes it", "[S0-18]") {
  Talk talk(R"(,"transfers":{"billing":"+33100000001"})");
  SECTION("taken") {
    talk.pick_up(says({}));
    talk.say(kDisclosure);
    talk.perform("transfer", "billing");
    CHECK(talk.next().word == "accepted");
    talk.perform("end");
    const OperationResult result = talk.ending();
    CHECK(ended(result, "delivered"));
    CHECK(result.data.view().find("transferred").boolean() == true);
    CHECK(talk.call().heard.back() == "[dial] +33100000001");
  }
  SECTION("nobody takes it") {
    Callee desk;
    desk.takes_transfers = false;
    talk.twilio.callee("+33100000001", desk);
    talk.pick_up(says({words("later then")}));
    talk.perform("transfer", "billing");
    CHECK(talk.next().word == "declined");
    CHECK(talk.ask("Nobody is free. May we call you back?").text == "later then");
  }
  SECTION("a queue without a number") {
    talk.pick_up(says({words("fine")}));
    talk.perform("transfer", "nowhere");
    CHECK(talk.next().word == "declined");
    CHECK(talk.ask("Nobody is free.").text == "fine");
  }
}

TEST_CASE("a call that nobody takes ends in a word of its own", "[S1-47]") {
  Talk talk;
  const auto word = [&](const Callee& callee, const std::string& name) {
    talk.dial(callee, name);
    return talk.ending().word;
  };
  CHECK(word(who(Picks::nothing), "a") == "no_answer");
  CHECK(word(who(Picks::busy), "b") == "busy");
  Callee wrong = who(Picks::fails);
  wrong.sip = 404;
  CHECK(word(wrong, "c") == "invalid_number");
  wrong.sip = 603;
  CHECK(word(wrong, "d") == "screened");
  CHECK(word(who(Picks::fax), "e") == "invalid_number");
  Callee brief = who(Picks::up);
  brief.hangs_up_at_once = true;
  CHECK(word(brief, "f") == "hung_up");
  wrong.sip = 503;
  talk.dial(wrong, "g");
  CHECK(talk.ending().status == OperationStatus::failed);
}

TEST_CASE("numbers that the provider refuses are never dialled") {
  Talk talk;
  talk.twilio.refuse(kCustomer, 21217);
  talk.dial(who(Picks::up));
  const OperationResult result = talk.ending();
  CHECK(result.status == OperationStatus::refused);
  CHECK(result.word == "invalid_number");
  CHECK(talk.twilio.ledger().count() == 0);
}

TEST_CASE("a message is left behind the beep, and the touch says so", "[S2-20]") {
  Talk talk(R"(,"voicemail":{"en":"Lumen Shop called about your subscription."})");
  talk.dial(who(Picks::machine));
  const OperationResult result = talk.ending();
  CHECK(ended(result, "voicemail"));
  CHECK(result.data.view().find("message_left").boolean() == true);
  CHECK(talk.call().heard == Lines{"Lumen Shop called about your subscription."});
}

TEST_CASE("without a text for machines, and without its beep, nothing is left") {
  SECTION("no text") {
    Talk talk;
    talk.dial(who(Picks::machine));
    CHECK(ended(talk.ending(), "voicemail"));
    CHECK(talk.call().heard.empty());
  }
  SECTION("no beep") {
    Talk talk(R"(,"voicemail":{"default":"Hello"},"machine_detection":"start")");
    talk.dial(who(Picks::machine));
    const OperationResult result = talk.ending();
    CHECK(result.data.view().find("message_left").boolean() == false);
    CHECK(talk.call().heard.empty());
  }
}

TEST_CASE("who cannot be told from a machine is talked to") {
  Talk talk;
  Callee unknown = says({words("hello?")});
  unknown.screens = true;
  talk.pick_up(unknown);
  CHECK(talk.ask("Hello?").text == "hello?");
}

TEST_CASE("who hangs up in the middle is heard to, and later turns find the call over") {
  Talk talk;
  talk.pick_up(says({words("yes"), hangs_up()}));
  CHECK(talk.ask("Am I speaking with Ann?").text == "yes");
  talk.perform("ask", "Do you know why?");
  CHECK(ended(talk.ending(), "hung_up"));
  talk.perform("say", "Hello?");
  CHECK(talk.call().heard.back() == "Do you know why?");
}

TEST_CASE("a recorded message is read out to a person, and left with a machine") {
  Talk talk;
  const auto read_out = [&](const Callee& callee, const std::string& name) {
    talk.twilio.callee(kCustomer, callee);
    return talk.stage().send(Wires::text_message(name, "Your parcel arrives today."));
  };
  CHECK(ended(read_out(who(Picks::up), "a"), "delivered"));
  CHECK(talk.twilio.call(0).heard == Lines{"Your parcel arrives today."});
  CHECK(ended(read_out(who(Picks::machine), "b"), "voicemail"));
  CHECK(talk.twilio.call(1).heard == Lines{"Your parcel arrives today."});
}

TEST_CASE("a turn may be pushed before anybody answers") {
  Talk talk;
  Callee callee = says({words("yes")});
  callee.ring_ms = 150;
  talk.dial(callee);
  talk.perform("say", kDisclosure);
  CHECK(talk.next().turn == 0);
  CHECK(talk.next().turn == 1);
  CHECK(talk.call().heard == Lines{kDisclosure});
}

TEST_CASE("how a call is dialled") {
  Talk talk(R"(,"ring_s":30,"time_limit_s":120,"record":true)");
  talk.dial(who(Picks::busy));
  talk.ending();
  const Form asked = talk.twilio.calls().at(0);
  const std::string callback = talk.callback_url(talk.order().touch.key);
  CHECK(field(asked, "To") == kCustomer);
  CHECK(field(asked, "Url") == callback + "/answer");
  CHECK(field(asked, "StatusCallback") == callback + "/status");
  CHECK(field(asked, "MachineDetection") == "DetectMessageEnd");
  CHECK(field(asked, "Timeout") == "30");
  CHECK(field(asked, "TimeLimit") == "120");
  CHECK(field(asked, "Record") == "true");
}
