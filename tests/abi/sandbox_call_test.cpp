#include "abi/sandbox_fixture.h"

using abi::FakeHost;
using abi::kDay;
using abi::kMinute;
using abi::Message;
using abi::Sandbox;

namespace {

constexpr char kPicksUp[] = R"("as":"voice","answers":{"picked_up":1},"silent":0,"hang_up":0)";

const Message kCall{.key = "k1",
                    .address = "+33600000001",
                    .data = R"({"script":"payment_help","event":{"invoice_id":"i-1"}})"};

// The engine's side of one call.
struct Line {
  Line(FakeHost& h, const std::string& config)
      : host(h),
        voice(h, config),
        send(voice.send(kCall)),
        table(voice.instance.table<rl_conversation>(RL_CONVERSATION)) {}

  rl_op perform(uint32_t kind, const std::string& question = "",
                const std::vector<std::string_view>& expect = {}) {
    words.clear();
    for (const std::string_view word : expect) words.push_back(abi::str(word));
    data = R"({"script":"payment_help","step":"call","reached":")" + question + "\"}";
    turn = {};
    turn.struct_size = sizeof turn;
    turn.kind = kind;
    turn.call = send;
    turn.turn = ++turns;
    turn.listen_ms = 8000;
    turn.expect = words.data();
    turn.expect_count = words.size();
    turn.data = abi::str(data);
    const rl_op op = voice.instance.next_op();
    table.perform(voice.instance.self(), op, &turn);
    return op;
  }

  FakeHost& host;
  Sandbox voice;
  rl_op send;
  const rl_conversation& table;
  rl_do turn{};
  std::vector<rl_str> words;
  std::string data;
  uint32_t turns = 0;
};

}  // namespace

TEST_CASE("[S0-04] a call carries turns both ways and ends when the engine ends it") {
  FakeHost host;
  Line line(host, std::string("{") + kPicksUp + R"(,"talk":{"why":{"no_funds":1}}})");
  line.voice.instance.advance(10000);
  REQUIRE(host.heard.size() == 1);
  CHECK(host.heard[0].kind == RL_HEARD_PICKED_UP);

  const rl_op hello = line.perform(RL_SAY);
  CHECK_FALSE(host.ended(hello));
  line.voice.instance.advance(4000);
  CHECK(host.result(hello).status == RL_DONE);

  const rl_op why = line.perform(RL_ASK, "why", {"no_funds", "other"});
  line.voice.instance.advance(8000);
  CHECK(host.result(why).status == RL_DONE);
  REQUIRE(host.heard.size() == 2);
  CHECK(host.heard[1].kind == RL_HEARD_WORDS);
  CHECK(host.heard[1].text == "no funds");
  CHECK(host.heard[1].word == "no_funds");
  CHECK(host.heard[1].turn == 2);
  CHECK_FALSE(host.ended(line.send));

  line.perform(RL_END);
  line.voice.instance.advance(4000);
  CHECK(host.result(line.send).word == "delivered");
  CHECK(host.result(line.send).data == R"({"duration_s":16})");
  CHECK(host.result(line.send).cost.micro == 100000);
  line.voice.instance.advance(1);
  CHECK(host.events.back().type == "call.ended");
}

TEST_CASE("the first words may be pushed before anybody answers") {
  FakeHost host;
  Line line(host, std::string("{") + kPicksUp + "}");
  const rl_op hello = line.perform(RL_SAY);
  line.voice.instance.advance(9000);
  CHECK_FALSE(host.ended(hello));
  line.voice.instance.advance(5000);
  CHECK(host.result(hello).status == RL_DONE);
}

TEST_CASE("a phone that nobody answers ends in a word of its own") {
  FakeHost host;
  std::map<std::string, int> words;
  Sandbox voice(host, R"({"as":"voice","seed":5,"ring_ms":20000})");
  std::vector<rl_op> calls;
  for (int i = 0; i < 500; ++i) {
    Message call = kCall;
    call.key = "k" + std::to_string(i);
    calls.push_back(voice.send(call));
  }
  voice.instance.advance(kMinute);
  for (const rl_op call : calls) {
    if (host.ended(call)) ++words[host.result(call).word];
  }
  CHECK(words["voicemail"] > words["no_answer"]);
  CHECK(words["no_answer"] > words["busy"]);
  CHECK(words["busy"] > 0);
  CHECK(words["invalid_number"] > 0);
  const auto picked_up = host.heard.size();
  CHECK(picked_up > 125);
  CHECK(picked_up < 225);
}

TEST_CASE("who hangs up is heard to, and the call is over") {
  FakeHost host;
  Line line(host, std::string("{") + kPicksUp + R"(,"talk":{"why":{"hangs_up":1}}})");
  line.voice.instance.advance(10000);
  line.perform(RL_ASK, "why", {"no_funds"});
  line.voice.instance.advance(8000);
  CHECK(host.heard.back().kind == RL_HEARD_HUNG_UP);
  CHECK(host.result(line.send).word == "hung_up");
  CHECK(host.result(line.perform(RL_SAY)).reason == "call_over");
}

TEST_CASE("silence lasts as long as the engine listens, then counts") {
  FakeHost host;
  Line line(host, std::string("{") + kPicksUp + R"(,"talk":{"why":{"silent":1}}})");
  line.voice.instance.advance(10000);
  line.perform(RL_ASK, "why", {"no_funds"});
  line.voice.instance.advance(4000 + 7999);
  CHECK(host.heard.size() == 1);
  line.voice.instance.advance(1);
  CHECK(host.heard.back().kind == RL_HEARD_SILENCE);
}

TEST_CASE("without shares of its own an ask is answered by one of the expected words") {
  FakeHost host;
  Line line(host, std::string("{") + kPicksUp + "}");
  line.voice.instance.advance(10000);
  line.perform(RL_ASK, "offer", {"send_link", "pay_later"});
  line.voice.instance.advance(8000);
  const std::string word = host.heard.back().word;
  CHECK((word == "send_link" || word == "pay_later"));
}

TEST_CASE("where the step is not named its shares are found by their words") {
  FakeHost host;
  Line line(host,
            std::string("{") + kPicksUp + R"(,"talk":{"offer":{"pay_later":1},"who":{"yes":1}}})");
  line.voice.instance.advance(10000);
  line.perform(RL_ASK, "", {"yes", "no"});
  line.voice.instance.advance(8000);
  CHECK(host.heard.back().word == "yes");
}

TEST_CASE("a transfer is taken or declined") {
  FakeHost host;
  Line line(host, std::string("{") + kPicksUp + R"(,"transfer_accepted":0})");
  line.voice.instance.advance(10000);
  const rl_op transfer = line.perform(RL_TRANSFER);
  line.voice.instance.advance(4000);
  CHECK(host.result(transfer).status == RL_REFUSED);
}

TEST_CASE("a call in which the engine says nothing for ten minutes ends by itself") {
  FakeHost host;
  Line line(host, std::string("{") + kPicksUp + "}");
  line.voice.instance.advance(9 * kMinute);
  CHECK_FALSE(host.ended(line.send));
  line.voice.instance.advance(2 * kMinute);
  CHECK(host.result(line.send).word == "hung_up");
}

TEST_CASE("a call that was cut off by a crash is found, and not placed again by itself") {
  const abi::EffectFile file("sandbox_cut_off.jsonl");
  FakeHost host;
  const std::string config = std::string("{") + kPicksUp + R"(,"effects":")" + file.path + "\"}";
  { Line line(host, config); }
  Sandbox restarted(host, config);
  CHECK(host.result(restarted.lookup(kCall)).word == "hung_up");
  CHECK(file.lines().size() == 1);
}

TEST_CASE("a promise to pay later is kept within days by the declared share") {
  FakeHost host;
  Line line(host, std::string("{") + kPicksUp +
                      R"(,"talk":{"offer":{"pay_later":1}},"react":{"keep_promise":1}})");
  line.voice.instance.advance(10000);
  line.perform(RL_ASK, "offer", {"send_link", "pay_later"});
  line.voice.instance.advance(8000);
  line.perform(RL_END);
  line.voice.instance.advance(4 * kDay);
  CHECK(host.events.back().type == "payment.succeeded");
  CHECK(host.events.back().data == R"({"invoice_id":"i-1"})");
}

TEST_CASE("a recorded message needs no conversation") {
  FakeHost host;
  Sandbox voice(host, std::string("{") + kPicksUp + "}");
  const rl_op op = voice.send({.key = "k1", .address = "+33600000001", .text = "Hello"});
  voice.instance.advance(kMinute);
  CHECK(host.result(op).word == "delivered");
  CHECK(host.heard.empty());
}
