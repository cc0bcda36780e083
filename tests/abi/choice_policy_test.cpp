// The shipped policies that choose channels, ways and times, asked as the engine asks them.
#include <string>

#include "abi/fake_host.h"

using abi::decide;

namespace {

struct Policy {
  explicit Policy(const std::string& id, const std::string& config = "{}")
      : instance(host, "relance.policy." + id, config) {}
  std::string choose(const std::string& question) { return decide(instance, RL_CHOOSE, question); }
  std::string outcome(const std::string& question) { return decide(instance, RL_DECIDE, question); }
  std::string at(const std::string& question) { return decide(instance, RL_AT, question); }
  abi::FakeHost host;
  abi::Instance instance;
};

// E-mail costs next to nothing, an SMS 0.075 and a call 0.50 euros.
struct Question {
  int try_no = 1;
  std::string email = R"("allowed":true)", sms = R"("allowed":true)", voice = R"("allowed":true)";
  int euros = 49, failures = 1;
  std::string segment = "regular", action = "request_new_method", more;

  std::string text() const {
    const auto one = [](const char* name, int cost, const std::string& stands) {
      return std::string(R"({"channel":")") + name + R"(","kind":")" + name + R"(","cost_micro":)" +
             std::to_string(cost) + R"(,"currency":"EUR",)" + stands + "}";
    };
    return R"({"try":)" + std::to_string(try_no) + R"(,"failures":)" + std::to_string(failures) +
           R"(,"candidates":[)" + one("email", 100, email) + "," + one("sms", 75'000, sms) + "," +
           one("voice", 500'000, voice) + R"(],"event":{"amount":{"minor":)" +
           std::to_string(euros * 100) + R"(,"currency":"EUR"},"decline":{"action":")" + action +
           R"("}},"customer":{"segment":")" + segment + R"("})" + more + "}";
  }
};

const std::string kDenied = R"("allowed":false,"denied":true,"reason":"no_address")";
const std::string kHeld = R"("allowed":false,"reason":"outside_window","until":"2026-01-06T09:00")";

// The member of that name, with its quotes taken off.
std::string said(const std::string& answer, const std::string& name) {
  const size_t from = answer.find("\"" + name + "\":");
  if (from == std::string::npos) return "";
  const size_t begin = from + name.size() + 3;
  const std::string value = answer.substr(begin, answer.find_first_of(",}", begin) - begin);
  return value[0] == '"' ? value.substr(1, value.size() - 2) : value;
}

constexpr const char* kVoiceGate =
    R"({"gates":{"voice":{"amount":{"minor":19900,"currency":"EUR"},"failures":3}}})";

}  // namespace

TEST_CASE("the ladder goes one rung up for each further try and stays on the top one") {
  Policy ladder("ladder");
  Question ask;
  CHECK(ladder.choose(ask.text()) ==
        R"({"choice":"email","reason":"cheapest","facts":{"rung":1,"rungs":3,"gated":0}})");
  ask.try_no = 2;
  CHECK(said(ladder.choose(ask.text()), "choice") == "sms");
  ask.try_no = 3;
  CHECK(said(ladder.choose(ask.text()), "choice") == "voice");
  CHECK(said(ladder.choose(ask.text()), "reason") == "climbed");
  ask.try_no = 4;
  CHECK(said(ladder.choose(ask.text()), "choice") == "voice");
  CHECK(said(ladder.choose(ask.text()), "reason") == "top");
  Policy slow("ladder", R"({"tries_each":2})");
  ask.try_no = 2;
  CHECK(said(slow.choose(ask.text()), "choice") == "email");
}

TEST_CASE("[S2-18] calls are for high amounts or repeated failures; the rest stays below") {
  Policy ladder("ladder", kVoiceGate);
  Question ask;
  ask.try_no = 3;
  CHECK(said(ladder.choose(ask.text()), "choice") == "sms");
  ask.failures = 3;
  CHECK(said(ladder.choose(ask.text()), "choice") == "voice");
  ask.failures = 1;
  ask.euros = 199;
  CHECK(said(ladder.choose(ask.text()), "choice") == "voice");
  std::string text = ask.text();  // the gate names no amount in dollars
  text.replace(text.find("\"EUR\"},\"decline"), 5, "\"USD\"");
  CHECK(said(ladder.choose(text), "choice") == "sms");
}

TEST_CASE("a rung that the gate denies is left out, one that is put off is waited for") {
  Policy ladder("ladder");
  Question ask;
  ask.email = kDenied;
  CHECK(said(ladder.choose(ask.text()), "choice") == "sms");
  ask.email = kHeld;
  CHECK(said(ladder.choose(ask.text()), "choice") == "email");
}

TEST_CASE("[S2-12] the order follows from segment and decline type") {
  Policy ladder("ladder", R"({"orders":[
      {"segment":"vip","action":"request_new_method","order":["voice","email"]},
      {"segment":"vip","order":["sms"]}]})");
  Question ask;
  CHECK(said(ladder.choose(ask.text()), "choice") == "email");
  ask.segment = "vip";
  CHECK(said(ladder.choose(ask.text()), "choice") == "voice");
  ask.try_no = 2;
  CHECK(said(ladder.choose(ask.text()), "choice") == "email");
  ask.try_no = 3;  // what the order does not name stands behind
  CHECK(said(ladder.choose(ask.text()), "choice") == "sms");
  ask.try_no = 1;
  ask.action = "contact_issuer";
  CHECK(said(ladder.choose(ask.text()), "choice") == "sms");
}

TEST_CASE("[S1-53] the ladder names the next layer of an escalation after what was tried") {
  Policy ladder("ladder");
  const auto after = [&](const std::string& touches) {
    return said(ladder.outcome(R"({"choices":["message","call","person"],"event":{"time":)"
                               R"("2026-01-05T08:00:00.000Z"},"touches":[)" +
                               touches + "]}"),
                "outcome");
  };
  const std::string mail = R"({"kind":"email","at":"2026-01-05T09:00:00.000Z"})";
  const std::string call = R"({"kind":"voice","at":"2026-01-06T09:00:00.000Z"})";
  const std::string before = R"({"kind":"voice","at":"2026-01-04T09:00:00.000Z"})";
  const std::string charge = R"({"kind":"retry","at":"2026-01-06T09:00:00.000Z"})";
  CHECK(after("") == "message");
  CHECK(after(mail) == "call");
  CHECK(after(call + "," + mail) == "person");
  CHECK(after(charge + "," + before) == "message");
}

TEST_CASE("[S2-09] the value gate gives the dearest channel that the case has earned") {
  Policy gate("value_gate", kVoiceGate);
  Question ask;
  CHECK(gate.choose(ask.text()) ==
        R"({"choice":"sms","reason":"for_everybody","facts":{"failures":1,"amount_minor":4900,)"
        R"("currency":"EUR"}})");
  ask.euros = 200;
  CHECK(said(gate.choose(ask.text()), "choice") == "voice");
  CHECK(said(gate.choose(ask.text()), "reason") == "worth_it");
  ask.euros = 20;
  ask.failures = 3;
  CHECK(said(gate.choose(ask.text()), "reason") == "persistent");
  ask.voice = kHeld;  // what may go now goes before what would have to wait
  CHECK(said(gate.choose(ask.text()), "choice") == "sms");
  ask.email = ask.sms = kDenied;
  CHECK(said(gate.choose(ask.text()), "choice") == "voice");
  ask.failures = 1;
  CHECK(gate.choose(ask.text()) == R"({"never":true,"reason":"not_worth_it"})");
}

TEST_CASE("[S2-09] the expected gain weighs chance and amount against what a touch costs") {
  Policy gain("expected_gain", R"({"chances":[{"of":"email","chance":0.02},
      {"of":"sms","chance":0.03},{"of":"voice","segment":"vip","chance":0.12},
      {"of":"voice","chance":0.04}]})");
  Question ask;
  ask.euros = 10;  // e-mail 0.1999, SMS 0.225, call -0.1
  CHECK(said(gain.choose(ask.text()), "choice") == "sms");
  ask.euros = 100;  // e-mail 2.00, SMS 2.93, call 3.50
  const std::string answer = gain.choose(ask.text());
  CHECK(said(answer, "choice") == "voice");
  CHECK(said(answer, "reason") == "best_gain");
  CHECK(said(answer, "chance") == "0.04");
  CHECK(said(answer, "cost") == "0.5");
  CHECK(said(answer, "gain") == "3.5");
  ask.euros = 10;
  ask.segment = "vip";
  CHECK(said(gain.choose(ask.text()), "choice") == "voice");
  ask.voice = kDenied;
  CHECK(said(gain.choose(ask.text()), "choice") == "sms");
}

TEST_CASE("where nothing gains, nothing goes; what cannot be compared is a problem") {
  Policy gain("expected_gain", R"({"chances":[{"of":"voice","chance":0.04}],"least":1})");
  Question ask;
  ask.euros = 20;
  CHECK(gain.choose(ask.text()) == R"({"never":true,"reason":"no_gain"})");
  CHECK(gain.choose(R"({"choices":["a"],"event":{}})") ==
        R"({"problem":"the event has no amount"})");
  std::string dollars = ask.text();
  dollars.replace(dollars.find("\"EUR\"},\"decline"), 5, "\"USD\"");
  CHECK(gain.choose(dollars) == R"({"problem":"no cost is in the amount's currency"})");
  Policy exchanging("expected_gain",
                    R"({"chances":[{"of":"voice","chance":0.5}],"rates":{"EUR/USD":2}})");
  CHECK(said(exchanging.choose(dollars), "gain") == "9.0");
}

TEST_CASE("[S2-16] the best time is where this customer answers, else where his segment does") {
  Policy best("best_time", R"({"segments":{"vip":{"18:00":0.4},"*":{"12:00":0.2}}})");
  const auto asked = [](const std::string& local, const std::string& segment,
                        const std::string& touches) {
    return R"({"now":"2026-01-06T09:00:00Z","local":")" + local +
           R"(","window":{"from":"09:00","to":"21:00"},"customer":{"segment":")" + segment +
           R"("},"touches":[)" + touches + R"(],"run":{"invoice_id":"i-1"}})";
  };
  const std::string vip = best.at(asked("2026-01-06T10:00", "vip", ""));
  CHECK(said(vip, "reason") == "segment_history");
  CHECK(said(vip, "at").substr(0, 14) == "2026-01-06T18:");
  CHECK(said(best.at(asked("2026-01-06T10:00", "regular", "")), "at").substr(0, 14) ==
        "2026-01-06T12:");

  // Local time is UTC + 1 here; three answers in the morning outweigh his segment.
  std::string mornings;
  for (int day = 1; day <= 3; ++day) {
    const std::string date = "2026-01-0" + std::to_string(day);
    mornings += std::string(day > 1 ? "," : "") + R"({"kind":"email","at":")" + date +
                R"(T08:30:00Z","answered_at":")" + date + R"(T08:40:00Z"})";
  }
  CHECK(best.at(asked("2026-01-06T10:00", "vip", mornings)).find(R"("at":"now")") !=
        std::string::npos);
  const std::string later = best.at(asked("2026-01-06T10:00", "vip", mornings));
  CHECK(said(later, "reason") == "own_history");
  CHECK(said(later, "answers") == "3");
}

TEST_CASE("without history and segments the time is now; outside the window no part is taken") {
  Policy plain("best_time");
  CHECK(plain.at(R"({"now":"2026-01-06T09:00:00Z","local":"2026-01-06T10:00"})") ==
        R"({"at":"now","reason":"no_history"})");
  Policy best("best_time", R"({"segments":{"*":{"21:00":0.9,"09:00":0.1}}})");
  const std::string answer =
      best.at(R"({"now":"2026-01-06T19:00:00Z","local":"2026-01-06T20:00",)"
              R"("window":{"from":"09:00","to":"21:00"},"run":{"invoice_id":"i-1"}})");
  CHECK(said(answer, "at").substr(0, 14) == "2026-01-07T09:");
}

TEST_CASE("a question of another kind is a problem, not a guess") {
  for (const char* id : {"ladder", "value_gate", "expected_gain"}) {
    Policy policy(id, id == std::string("ladder")       ? "{}"
                      : id == std::string("value_gate") ? R"({"gates":{}})"
                                                        : R"({"chances":[]})");
    CHECK(policy.at("{}").find("problem") != std::string::npos);
    CHECK(policy.choose("{}").find("problem") != std::string::npos);
  }
  CHECK(Policy("best_time").choose("{}").find("problem") != std::string::npos);
}
