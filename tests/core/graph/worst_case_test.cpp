#include "core/graph/worst_case.h"

#include <catch2/catch.hpp>

#include "core/graph/build.h"

using namespace relance;
using namespace relance::testing;

namespace {

int64_t cost_of(std::string_view channel) { return channel == "voice" ? 90'000 : 1'000; }

SendStep tried(SendStep step, int tries, std::optional<Duration> gap = {}) {
  step.tries = tries;
  step.gap = gap;
  return step;
}

WaitStep wait_for(Duration duration) {
  WaitStep step;
  step.duration = duration;
  return step;
}

}  // namespace

TEST_CASE("tries count, and so do callbacks") {
  FlowBuilder b("f");
  SendStep call = tried(send("voice", "voice"), 3);
  call.callbacks = 1;
  b.add("call", call);
  const WorstCase worst = worst_case(b.build(), {}, cost_of);
  CHECK(worst.touches == std::map<std::string, int>{{"voice", 4}});
  CHECK(worst.contacts == 4);
  CHECK(worst.cost_micro == 360'000);
}

TEST_CASE("messages of a conversation are touches with their cost, once a call that is answered") {
  TalkScript script;
  script.name = "help";
  const auto turn = [&](std::string name, TurnKind kind, std::vector<std::string> outcomes,
                        After after = {}) {
    Turn made;
    made.name = std::move(name);
    made.kind = kind;
    made.outcomes = std::move(outcomes);
    made.after = std::move(after);
    if (kind == TurnKind::text) made.via = "sms";
    script.turns.push_back(made);
  };
  const auto after = [](std::string word) {
    After made;
    made.kind = After::Kind::edge;
    made.edge.outcomes = {std::move(word)};
    made.edge.step = 0;
    return made;
  };
  turn("offer", TurnKind::ask, {"link", "later"});
  turn("link", TurnKind::text, {"sent", "failed"}, after("link"));
  turn("note", TurnKind::text, {"sent", "failed"}, after("link"));
  turn("remind", TurnKind::text, {"sent", "failed"}, after("later"));

  FlowBuilder b("f");
  SendStep call = tried(send("voice", "voice"), 3);
  call.script = "help";
  call.callbacks = 1;
  b.add("call", call);
  const WorstCase worst = worst_case(b.build(), std::span(&script, 1), cost_of);
  CHECK(worst.touches == std::map<std::string, int>{{"sms", 4}, {"voice", 4}});
  CHECK(worst.contacts == 8);
  CHECK(worst.cost_micro == 364'000);
}

TEST_CASE("branches of one step exclude each other, parallel ones add up") {
  FlowBuilder b("f");
  b.add("move", decide({"mail", "text"}));
  b.add("mail", tried(send("email", "email"), 2), on("move.mail"));
  b.add("text", tried(send("sms", "sms"), 3), on("move.text"));
  const WorstCase either = worst_case(b.build(), {}, cost_of);
  CHECK(either.contacts == 3);
  CHECK(either.touches == std::map<std::string, int>{{"email", 2}, {"sms", 3}});
  b.add("beside", send("email", "email"), on("move"));
  CHECK(worst_case(b.build(), {}, cost_of).contacts == 4);
}

TEST_CASE("a charge is a touch of its channel but reaches nobody") {
  FlowBuilder b("f");
  ChargeStep charge;
  charge.via = "retry";
  charge.tries = 4;
  b.add("charge", charge);
  const WorstCase worst = worst_case(b.build(), {}, cost_of);
  CHECK(worst.touches.at("retry") == 4);
  CHECK(worst.contacts == 0);
  CHECK(worst.time == days(3));  // three gaps of 24 h
}

TEST_CASE("what was skipped, denied or late was no touch") {
  FlowBuilder b("f");
  b.add("mail", send("email", "email")).skippable();
  b.add("text", send("sms", "sms"), on("mail.skipped|denied|late"));
  CHECK(worst_case(b.build(), {}, cost_of).contacts == 1);
  b.add("again", send("sms", "sms"), on("mail.failed"));
  CHECK(worst_case(b.build(), {}, cost_of).contacts == 2);
}

TEST_CASE("a join waits for the longest of its branches") {
  FlowBuilder b("f");
  b.add("short", wait_for(hours(1)));
  b.add("long", wait_for(hours(30)));
  b.add("join", wait_for(hours(2)), all({on("short.done"), on("long.done")}));
  CHECK(worst_case(b.build(), {}, cost_of).time == hours(32));
}

TEST_CASE("a response is waited for after the last try too") {
  FlowBuilder b("f");
  SendStep mail = tried(send("email", "email"), 2, hours(48));
  b.add("mail", mail);
  CHECK(worst_case(b.build(), {}, cost_of).time == hours(48));
  mail.expect = {{"link.clicked", {}}};
  FlowBuilder asked("f");
  asked.add("mail", mail);
  CHECK(worst_case(asked.build(), {}, cost_of).time == hours(96));
}

TEST_CASE("nothing lasts longer than the run may") {
  FlowBuilder b("f");
  b.flow().expire = days(10);
  b.add("forever", await("payment.succeeded"));
  b.add("more", wait_for(days(5)), on("forever.arrived"));
  CHECK(worst_case(b.build(), {}, cost_of).time == days(10));
}

TEST_CASE("a step that is passed over takes no time") {
  FlowBuilder b("f");
  b.add("wait", wait_for(days(2))).skippable();
  b.add("next", wait_for(hours(1)), on("wait.skipped"));
  CHECK(worst_case(b.build(), {}, cost_of).time == days(2));
  b.add("last", wait_for(hours(1)), on("wait.done"));
  CHECK(worst_case(b.build(), {}, cost_of).time == days(2) + hours(1));
}

TEST_CASE("the example of the language has a bound") {
  const WorstCase worst = worst_case(payment_recovery(), {}, cost_of);
  CHECK(worst.touches ==
        std::map<std::string, int>{{"email", 3}, {"retry", 5}, {"sms", 1}, {"voice", 3}});
  CHECK(worst.contacts == 6);  // two mails, three calls, then a mail or a text
  CHECK(worst.time == days(28));
}

TEST_CASE("a flow of very many combinations gets a bound that is not too low") {
  FlowBuilder b("f");
  std::vector<Start> late;
  for (int i = 0; i < 14; ++i) {
    const std::string name = "watch_" + std::to_string(i);
    b.add(name, decide({"x", "y"}));
    late.push_back(on(name + ".x"));
  }
  b.add("mail", tried(send("email", "email"), 2), all(late));
  CHECK(worst_case(b.build(), {}, cost_of).contacts == 2);
}
