#include "core/graph/check.h"

#include <catch2/catch.hpp>

#include "core/graph/build.h"

using namespace relance;
using namespace relance::testing;

namespace {

std::vector<std::string> texts(const CheckInput& input) {
  std::vector<std::string> out;
  for (const Finding& finding : check_flow(input)) {
    const char* severity = finding.severity == Severity::error ? "error" : "warning";
    out.push_back(std::to_string(finding.error.where.line) + " " + severity + " " +
                  code_text(finding.error.code) + ": " + finding.error.message);
  }
  return out;
}

std::vector<std::string> texts(const Flow& flow) { return texts(CheckInput{flow, {}, {}}); }

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the example of the language has no errors, and one warning for each loose end") {
  CHECK(
      texts(payment_recovery()) ==
      Lines{"5 warning E0113: step 'collect' may end 'declined', 'failed', 'needs_customer' or "
            "'refused', and nothing follows",
            "9 warning E0113: step 'follow_up' may end 'bounced' or 'failed', and nothing follows",
            "10 warning E0113: step 'last' may end 'bounced' or 'failed', and nothing follows"});
}

TEST_CASE("an error carries file, line and what to do") {
  FlowBuilder b("f");
  b.add("charge", ChargeStep{});
  const Flow flow = b.build();
  const auto findings = check_flow({flow, {}, {}});
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].error.where == Where{"flows/f.lua", 1});
  CHECK(findings[0].error.hint ==
        "hang a step on it, or say ignore { f.charge.declined, f.charge.failed, "
        "f.charge.needs_customer, f.charge.refused }");
}

TEST_CASE("a join of outcomes that exclude each other can never start, nor what hangs on it") {
  FlowBuilder b("f");
  b.add("move", decide({"left", "right"}));
  b.add("both", WaitStep{}, all({on("move.left"), on("move.right")}));
  b.add("after", WaitStep{}, on("both.done"));
  CHECK(texts(b.build()) ==
        Lines{"2 error E0111: step 'both' can never start: its `after` needs outcomes that exclude "
              "each other",
              "3 error E0111: step 'after' can never start: nothing that can happen leads to it"});
}

TEST_CASE("a contradiction is seen through several steps") {
  FlowBuilder b("f");
  b.add("move", decide({"left", "right"}));
  b.add("a", WaitStep{}, on("move.left"));
  b.add("b", WaitStep{}, on("move.right"));
  b.add("meet", WaitStep{}, all({on("a.done"), on("b.done")}));
  b.add("fine", WaitStep{}, all({on("a"), on("b")}));  // bare: a branch not taken counts as settled
  b.add("way", WaitStep{}, any({all({on("a.done"), on("b.done")}), on("move.right")}));
  CHECK(texts(b.build()).size() == 1);
  CHECK(texts(b.build())[0].starts_with("4 error E0111: step 'meet'"));
}

TEST_CASE("after a stop nothing can start") {
  FlowBuilder b("f");
  b.add("stop", StopStep{});
  b.add("late", WaitStep{}, on("stop"));
  CHECK(texts(b.build()) ==
        Lines{"2 error E0111: step 'late' can never start: nothing that can happen leads to it"});
}

TEST_CASE(
    "steps that run when the run ended are reachable, and what they fail in is no loose end") {
  FlowBuilder b("f");
  b.add("wait", WaitStep{});
  b.add("undo", ActStep{}, ended({RunEnd::expired}));
  b.add("note", RecordStep{}, on("undo.failed"));
  CHECK(texts(b.build()).empty());
}

TEST_CASE("a result may be read only where it certainly exists") {
  FlowBuilder b("f");
  b.add("plan", decide({"call", "mail"}));
  b.add("mail", decide({"x"}), on("plan.mail"));
  b.add("call", WaitStep{}, any({on("plan.call"), on("mail.x")}));
  const Flow flow = b.build();
  const ResultRead good{2, 0, 31, false}, bad{2, 1, 32, false}, guarded{2, 1, 33, true};
  CHECK(
      texts({flow, {good, bad, guarded}, {}}) ==
      Lines{"32 error E0112: step 'call' reads the result of 'mail', which need not have ended by "
            "then"});
}

TEST_CASE("a failure is handled by an edge, a bare step, otherwise, or ignore") {
  const auto findings = [](const Start& start, bool ignored) {
    FlowBuilder b("f");
    b.add("find", FetchStep{});
    b.add("next", WaitStep{}, start);
    if (ignored) b.ignore("find.missing|failed");
    return texts(b.build());
  };
  CHECK(findings(on("find.missing|failed"), false).empty());
  CHECK(findings(on("find"), false).empty());
  CHECK(findings(on("find.otherwise"), false).empty());
  CHECK(findings(on("find.found"), true).empty());
  CHECK(findings(on("find.found|missing"), false) ==
        Lines{"1 warning E0113: step 'find' may end 'failed', and nothing follows"});
}

TEST_CASE("who asks for a person in a call must get one", "[S1-54]") {
  FlowBuilder b("f");
  b.add("call", send("voice", "voice"));
  b.add("human", HandoffStep{}, on("call.wants_human"));
  b.ignore("call.failed|invalid_number|dissatisfied");
  CHECK(texts(b.build()) ==
        Lines{"1 error E0114: step 'call' may end 'dissatisfied', which must lead to a handoff"});

  FlowBuilder good("f");
  good.add("call", send("voice", "voice"));
  good.add("human", HandoffStep{}, any({on("call.wants_human|dissatisfied")}));
  good.ignore("call.failed|invalid_number");
  CHECK(texts(good.build()).empty());
}

TEST_CASE("a person is asked for over any channel that holds a conversation") {
  FlowBuilder b("f");
  b.add("chat", send("chat", "sms")).closes({"done", "wants_human"});
  b.ignore("chat.failed|bounced");
  CHECK(texts(b.build()) ==
        Lines{"1 error E0114: step 'chat' may end 'wants_human', which must lead to a handoff"});
}

TEST_CASE("otherwise does not stand for an opt-out, a wrong person or a script's own words") {
  FlowBuilder b("f");
  b.add("call", send("voice", "voice")).closes({"promised"});
  b.add("human", HandoffStep{}, on("call.wants_human|dissatisfied"));
  b.add("next", WaitStep{}, on("call.otherwise"));
  b.ignore("call.opted_out");
  CHECK(texts(b.build()) ==
        Lines{"1 error E0123: step 'call' may end 'promised' or 'wrong_person', for which "
              "`otherwise` does not stand"});
}

TEST_CASE("an edge on a word that cannot come is told") {
  FlowBuilder b("f");
  b.add("mail", send("email", "email"));
  b.add("a", WaitStep{}, on("mail.bounced"));
  b.add("b", WaitStep{}, on("mail.late"));
  b.add("payment", await("payment.succeeded"));
  b.add("c", WaitStep{}, on("payment.expired"));
  b.ignore("mail.failed");
  CheckInput input{b.flow(), {}, {{"email", {"opted_out"}}}};
  CHECK(texts(input) ==
        Lines{"2 warning E0124: step 'a' waits for 'mail.bounced', which cannot come: channel "
              "'email' does not give it",
              "3 warning E0124: step 'b' waits for 'mail.late', which cannot come: it has no "
              "deadline",
              "5 warning E0124: step 'c' waits for 'payment.expired', which cannot come: it has no "
              "`within`"});
  input.channel_gives = {{"email", {"bounced"}}};
  CHECK(texts(input).size() == 2);
}

TEST_CASE("a word that a channel's plugin does not give is told with those that it gives") {
  FlowBuilder b("f");
  SendStep call = send("voice", "voice");
  call.script = "help";
  b.add("call", call);
  b.add("human", HandoffStep{"q", {}, {}, {}}, on("call.wants_human|dissatisfied"));
  b.add("busy", RecordStep{}, on("call.no_answer"));
  b.ignore("call.failed");
  b.ignore("call.invalid_number");
  CheckInput input{b.flow(), {}, {{"voice", {"delivered", "busy", "voicemail"}}}};
  CHECK(texts(input) == Lines{"3 warning E0124: step 'busy' waits for 'call.no_answer', which "
                              "cannot come: channel 'voice' does not give it"});
  const auto hint = [&] { return check_flow(input).at(0).error.hint; };
  CHECK(hint() == "it gives 'busy' or 'voicemail'");
  input.channel_gives = {{"voice", {"delivered"}}};
  CHECK(hint() == "its plugin gives no word of voice");
}

TEST_CASE("a failure that no channel here gives needs no step") {
  FlowBuilder b("f");
  b.add("mail", send("email", "email"));
  b.ignore("mail.failed");
  CHECK(texts({b.flow(), {}, {{"email", {"opted_out"}}}}).empty());
}
