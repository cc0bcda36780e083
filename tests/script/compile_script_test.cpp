#include <catch2/catch.hpp>

#include "script/compile_flow.h"

namespace relance {
namespace {

using Words = std::vector<std::string>;

struct Script {
  LuaState lua;
  Findings findings;
  TemplateSet templates;
  TalkScript made;

  explicit Script(const std::string& turns) {
    REQUIRE(templates
                .add("templates/talk.script.en.mustache",
                     "[hello]\nHello.\n[who]\nWho?\n[why]\nWhy?\n[bye]\nBye.\n[paid]\nPaid.\n")
                .ok());
    REQUIRE(templates.add("templates/pay.sms.en.mustache", "Pay.\n").ok());
    CompileContext context;
    context.events = &EventCatalogue::shipped();
    context.templates = &templates;
    context.channels = {{"sms", "sms"}};
    context.connectors = {"shop"};
    context.queues = {"desk"};
    const SourceFile file{
        "scripts/talk.lua",
        "local s = script \"talk\" { facts = { \"amount\" }, on_goal = \"paid\", "
        "answers = { reason = one_of { \"a\", \"b\" } }, always = { \"wants_human\" } }\n" +
            turns + "\nreturn s\n"};
    made = compile_script(lua, file, context, findings);
  }

  std::string problems() {
    std::string text;
    for (const Finding& finding : findings.take_sorted()) text += finding.error.text() + "\n";
    return text;
  }
};

}  // namespace

TEST_CASE("a conversation is a ledger of turns, whose close words are outcomes of the send") {
  Script script(R"(
    s.hello = say      { text = "hello" }
    s.who   = verify   { after = s.hello.done, by = "first_name", text = "who", tries = 2 }
    s.look  = lookup   { after = s.who.yes, from = "shop", what = "order", within = seconds(2) }
    s.why   = ask      { after = any { s.look.found, s.look.otherwise }, text = "why",
                         answer = "reason", hears = { "a", "b", "c" } }
    s.link  = text     { after = s.why.a, via = "sms", template = "pay" }
    s.paid  = await    { after = s.link.sent, event "payment.succeeded", within = minutes(4) }
    s.man   = transfer { after = s.why.b, queue = "desk" }
    s.bye   = close    { after = any { s.paid.expired, s.why.otherwise },
                         outcome = "promised", text = "bye" }
    s.no    = close    { after = s.who.no, outcome = "refused" })");
  CHECK(script.problems() == "");
  const TalkScript& made = script.made;
  CHECK(made.facts == Words{"amount"});
  CHECK(made.always == Words{"wants_human"});
  CHECK(made.on_goal == "paid");
  REQUIRE(made.answers.size() == 1);
  CHECK(made.answers[0].second == Words{"a", "b"});
  REQUIRE(made.turns.size() == 9);
  CHECK(made.turns[1].by == "first_name");
  CHECK(made.turns[1].tries == 2);
  CHECK(made.turns[2].within == seconds(2));
  CHECK(made.turns[3].outcomes == Words{"a", "b", "c", "unclear", "silent"});
  CHECK(made.turns[3].after.of[1].edge.outcomes == Words{"missing", "late"});
  CHECK(made.turns[4].template_name == "pay");
  CHECK(made.turns[5].events.size() == 1);
  CHECK(made.turns[7].after.of[1].edge.outcomes == Words{"c", "unclear", "silent"});
  CHECK(close_words(made) == Words{"promised", "refused"});
}

TEST_CASE("an outcome is a word that can stand behind a dot") {
  Script script(R"(
    s.why = ask { text = "why", hears = { "yes please", "otherwise", "fine" } }
    s.bye = close { after = s.why.fine, outcome = "Done!" })");
  CHECK(script.problems() ==
        "scripts/talk.lua:3: error E0126: 'yes please' cannot be an outcome; words are lower-case "
        "letters, digits and _\n"
        "scripts/talk.lua:3: error E0126: 'otherwise' cannot be an outcome; the word has a meaning "
        "of its own\n"
        "scripts/talk.lua:4: error E0126: 'Done!' cannot be an outcome; words are lower-case "
        "letters, digits and _\n");
}

}  // namespace relance
