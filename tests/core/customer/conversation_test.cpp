// Conversations as the core plays them, turn by turn.
#include "core/run/freeze.h"
#include "core/run/packet.h"
#include "support/desk.h"

using namespace relance;
using namespace relance::test;

namespace {

Turn turn(std::string name, TurnKind kind, After after, std::vector<std::string> outcomes) {
  Turn made;
  made.name = made.text = std::move(name);
  made.kind = kind;
  made.after = std::move(after);
  made.outcomes = std::move(outcomes);
  return made;
}

// One question, asked over the phone; who wants to may be called back once.
struct Call {
  FakeRules rules;
  Desk desk{rules};

  Call() {
    rules.add_channel("voice", "voice").conversation = true;
    TalkScript script;
    script.name = "help";
    script.always = {"callback"};
    Turn why = turn("why", TurnKind::ask, {}, {"no_funds", "unclear", "silent"});
    why.hears = {"no_funds"};
    Turn bye = turn("bye", TurnKind::close, on(0, {"no_funds"}), {});
    bye.outcome = "promised";
    script.turns = {why, bye};
    rules.scripts["help"] = script;

    SendStep call;
    call.via = call.channel_kind = "voice";
    call.script = "help";
    call.callbacks = 1;
    Step made = step("call", call);
    made.outcomes.emplace_back("promised");
    rules.add(flow("pay", {made, step("wait", wait_for(days(9)))}));
    desk.failed_payment();
    desk.profile();
  }

  Decision& hear(int turn, std::string word = "", Doc answers = {}) {
    HeardInput heard;
    heard.touch = desk.open_touch("call").key;
    heard.turn = turn;
    heard.word = std::move(word);
    heard.answers = std::move(answers);
    return desk.feed(heard);
  }
  // The last turn that was asked for: "ask why".
  std::string performed() const {
    std::string last = "nothing";
    for (const Effect& effect : desk.effects)
      if (const auto* turn = std::get_if<Perform>(&effect)) last = turn->action + " " + turn->text;
    return last;
  }
};

}  // namespace

TEST_CASE_METHOD(Call, "a script is played turn by turn and its closing word ends the step") {
  hear(0);
  REQUIRE(performed() == "ask why");
  hear(1, "no_funds");
  REQUIRE(performed() == "end ");
  desk.answer("call", OperationStatus::done, "delivered");
  REQUIRE(desk.outcome("call") == "promised");
}

TEST_CASE_METHOD(Call, "who asks to be called back is called when his clock shows that time next") {
  hear(0);
  hear(1, "callback", Doc::record({{"at", Doc::text("18:30")}}));
  desk.answer("call", OperationStatus::done, "delivered");
  REQUIRE(desk.outcome("call").empty());
  desk.due();
  REQUIRE(format_instant(desk.now) == "2026-01-05T18:30:00Z");
  REQUIRE(desk.open_touch("call").requested);
}

TEST_CASE_METHOD(Call, "a call back begins the script anew") {
  hear(0);
  hear(1, "callback", Doc::record({{"at", Doc::text("18:30")}}));
  desk.answer("call", OperationStatus::done, "delivered");
  desk.due();
  hear(0);
  REQUIRE(performed() == "ask why");
  hear(1, "no_funds");
  desk.answer("call", OperationStatus::done, "delivered");
  REQUIRE(desk.outcome("call") == "promised");
}

TEST_CASE_METHOD(Call,
                 "a turn tells the plugin its script, how far that is, and its step and flow") {
  hear(0);
  const auto& turn = std::get<Perform>(desk.effects.back());
  CHECK(to_json(turn.data) == R"({"flow":"pay","reached":"why","script":"help","step":"call"})");
  hear(1, "callback");
  const auto& end = std::get<Perform>(desk.effects.back());
  CHECK(end.action == "end");
  CHECK(to_json(end.data) == R"({"flow":"pay","reached":"","script":"help","step":"call"})");
}

TEST_CASE("a transfer says its text first and takes the packet along [S1-60]", "[S1-59][S1-60]") {
  FakeRules rules;
  rules.add_channel("voice", "voice").conversation = true;
  TalkScript script;
  script.name = "help";
  Turn hello = turn("hello", TurnKind::say, {}, {"done"});
  Turn over = turn("over", TurnKind::transfer, on(0, {"done"}), {"accepted", "declined"});
  over.text = "one_moment";
  over.queue = "billing";
  script.turns = {hello, over};
  rules.scripts["help"] = script;
  SendStep call;
  call.via = call.channel_kind = "voice";
  call.script = "help";
  rules.add(flow("pay", {step("call", call)}));
  Desk desk(rules);
  desk.failed_payment();
  desk.profile();
  HeardInput heard;
  heard.touch = desk.open_touch("call").key;
  desk.feed(heard);
  heard.turn = 1;
  desk.feed(heard);
  REQUIRE(desk.count<Perform>(desk.effects) == 2);
  const auto& said = std::get<Perform>(desk.effects[0]);
  const auto& leg = std::get<Perform>(desk.effects[1]);
  REQUIRE(said.action + " " + said.text == "say one_moment");
  REQUIRE(leg.action + " " + leg.text == "transfer billing");
  const DocView packet = leg.data;
  REQUIRE(packet.find("flow").text() == "pay");
  REQUIRE(packet.find("script").text() == "help");
  REQUIRE(packet.find("reached").text() == "over");
  REQUIRE(packet.find("why").text() == "call: over");
  REQUIRE(packet.find("said").size() == 2);
  REQUIRE(packet.find_path("event.invoice_id").text() == "i-1");
}

TEST_CASE_METHOD(Call, "the answer to a call tells how far it came, however it ended") {
  hear(0);
  SECTION("by a word that is understood at any turn") { hear(1, "callback"); }
  SECTION("by hanging up") {}
  desk.answer("call", OperationStatus::done, "hung_up");
  const View view(desk.customer, desk.customer.runs[0], *rules.active().front(), desk.now);
  REQUIRE(view.step_data(0).find("reached").text() == "why");
}

TEST_CASE_METHOD(Call, "the first words of a call tell that a machine speaks, and only they") {
  rules.first_words = "I am a machine.";
  hear(0);
  CHECK(performed() == "ask I am a machine. why");
  hear(1, "no_funds");
  CHECK(performed() == "end ");
}

TEST_CASE_METHOD(Call, "what was said and asked in a call is remembered across flows [S1-67]",
                 "[S1-67]") {
  hear(0);
  hear(1, "no_funds");
  desk.answer("call", OperationStatus::done, "delivered");
  const View view(desk.customer, Run{}, *rules.active().front(), desk.now);
  REQUIRE(view.remembers(Memory::Kind::asked, "why"));
  REQUIRE(view.remembers(Memory::Kind::said, "bye"));
  REQUIRE_FALSE(view.remembers(Memory::Kind::said, "why"));
  REQUIRE(view.remembers(Memory::Kind::promised, "call"));
  REQUIRE(desk.records<Remembered>().size() == 3);
}

TEST_CASE_METHOD(Call, "who is called back need not begin anew: the earlier call is in hand",
                 "[S1-52][S1-67]") {
  hear(0);
  hear(1, "callback", Doc::record({{"at", Doc::text("18:30")}, {"reason", Doc::text("no_funds")}}));
  desk.answer("call", OperationStatus::done, "delivered");
  desk.due();
  const Touch& again = desk.open_touch("call");
  const Doc frozen = opened(desk.customer.id, again.held->frozen);
  const DocView earlier = frozen.view().find_path("data.earlier");
  CHECK(earlier.find("reason").text() == "no_funds");
  CHECK(earlier.find("reached").text() == "why");
  REQUIRE(earlier.find("said").size() == 2);
  const Doc history = history_before(desk.customer, again);
  const DocView before = (*history.view().items().begin()).value;
  CHECK(before.find("outcome").text() == "callback");
  CHECK((*before.find("asked").items().begin()).value.text() == "why");
}

TEST_CASE_METHOD(Call, "a callback keeps to the hours, and counts for the caps of later contacts",
                 "[S1-52]") {
  rules.rules.windows = {{{"voice", {}}, *parse_time_of_day("09:00"), *parse_time_of_day("21:00")}};
  rules.rules.gap = days(1);
  hear(0);
  hear(1, "callback", Doc::record({{"at", Doc::text("22:30")}}));
  desk.answer("call", OperationStatus::done, "delivered");
  desk.due();
  CHECK(desk.customer.touches.size() == 1);
  CHECK(desk.records<TouchJudged>().back().reason == "outside_window");
  desk.due();
  CHECK(format_instant(desk.now) == "2026-01-06T09:00:00Z");  // no gap stands in its way
  CHECK(desk.open_touch("call").requested);
}

namespace {

// A call that hands over to a queue, whose desk takes packets or has none.
struct Transfer {
  FakeRules rules;
  Desk desk{rules};

  explicit Transfer(bool with_desk) {
    rules.add_channel("voice", "voice").conversation = true;
    rules.add_channel("email", "email");
    rules.add_channel("desk", "webhook", DeliveryClass::repeatable);
    if (with_desk) rules.queues["billing"].desk = "desk";
    TalkScript script;
    script.name = "help";
    Turn over = turn("over", TurnKind::transfer, {}, {"accepted", "declined"});
    over.text = "one_moment";
    over.queue = "billing";
    Turn bye = turn("bye", TurnKind::close, on(0, {"accepted"}), {});
    bye.text = "";
    bye.outcome = "wants_human";
    script.turns = {over, bye};
    rules.scripts["help"] = script;
    SendStep call;
    call.via = call.channel_kind = "voice";
    call.script = "help";
    rules.add(flow("pay", {step("call", call)}));
    rules.add(
        flow("tell", {step("wait", wait_for(minutes(1))), step("mail", mail(), on(0, {"done"}))}));
    desk.failed_payment();
    desk.profile();
    hear(0);
  }
  void hear(int turn, std::string word = "") {
    HeardInput heard;
    heard.touch = desk.open_touch("call").key;
    heard.turn = turn;
    heard.word = std::move(word);
    desk.feed(heard);
  }
  const Perform* leg() const {
    for (const Effect& effect : desk.effects)
      if (const auto* turn = std::get_if<Perform>(&effect); turn && turn->action == "transfer")
        return turn;
    return nullptr;
  }
};

}  // namespace

TEST_CASE("a desk has the packet before the call is put through", "[S1-59]") {
  Transfer scene(true);
  CHECK(scene.leg() == nullptr);
  const Touch& offer = scene.desk.customer.touches.back();
  REQUIRE(offer.what == TouchWhat::offer);
  const Doc frozen = opened(scene.desk.customer.id, offer.held->frozen);
  CHECK(check_packet(frozen.view().find("data")));
  SECTION("once it has it") {
    OperationResult taken;
    taken.status = OperationStatus::done;
    scene.desk.feed(ResultInput{offer.key, taken});
    REQUIRE(scene.leg() != nullptr);
    CHECK(check_packet(scene.leg()->data));
  }
  SECTION("the customer does not wait for a desk that is silent; the leg has the packet too") {
    scene.hear(1);  // the line was said
    CHECK(scene.leg() == nullptr);
    scene.desk.due();
    REQUIRE(scene.leg() != nullptr);
    CHECK(check_packet(scene.leg()->data));
  }
}

TEST_CASE("a packet that lacks a field is given to nobody", "[S1-60]") {
  Transfer scene(false);
  REQUIRE(scene.leg() != nullptr);
  scene.rules.data_controller.clear();
  scene.desk.failed_payment("i-2");
  HeardInput heard;
  heard.touch = scene.desk.customer.touches.back().key;
  scene.desk.feed(heard);
  CHECK(scene.leg() == nullptr);
  CHECK(scene.desk.records<Decided>().back().choice == code_text(Code::packet_incomplete));
}

TEST_CASE("while a person has the call, nothing else reaches the customer", "[S1-62]") {
  Transfer scene(false);
  REQUIRE(scene.leg() != nullptr);
  scene.hear(scene.leg()->turn, "accepted");
  REQUIRE(scene.desk.customer.leases.size() == 1);
  scene.desk.due();
  CHECK(scene.desk.records<TouchJudged>().back().reason == "person_owns_case");
  scene.desk.answer("call", OperationStatus::done, "delivered");
  CHECK(scene.desk.customer.leases.empty());
  CHECK(scene.desk.open_touch("mail").is_contact());
}
