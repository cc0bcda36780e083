#include "core/graph/flow_json.h"

#include <catch2/catch.hpp>
#include <random>

#include "core/graph/build.h"

using namespace relance;
using namespace relance::testing;

namespace {

// Flows with every field set at random. They make no sense; the format must not care.
class RandomFlow {
 public:
  explicit RandomFlow(uint64_t seed) : bits_(seed) {}

  Flow make() {
    Flow flow;
    flow.name = text();
    flow.version = derive_key({text()});
    flow.file = text();
    flow.start = patterns();
    flow.key = texts();
    flow.goal = patterns();
    flow.stop = patterns();
    flow.updates = patterns();
    flow.when = function();
    flow.purpose = static_cast<Purpose>(below(3));
    flow.expire = duration();
    if (coin()) flow.recheck = Recheck{text(), text(), text(), text(), text()};
    flow.holdout_percent = below(101);
    flow.re_entry = static_cast<ReEntry>(below(4));
    flow.re_entry_after = duration();
    flow.tighten = rules();
    for (int i = 0, n = 1 + below(12); i < n; ++i) flow.steps.push_back(step(i));
    for (int i = below(3); i > 0; --i) flow.ignored.push_back(edge(flow.steps.size()));
    for (int i = below(4); i > 0; --i) flow.function_lines.push_back(below(1000));
    return flow;
  }

 private:
  int below(int n) { return static_cast<int>(bits_() % static_cast<uint64_t>(n)); }
  bool coin() { return below(2) == 0; }
  std::string text() {
    static const char* const kTexts[] = {"",      "crm", "é \"quoted\"\n", "$x",
                                         "voice", "a.b", "\u20ac"};
    return kTexts[below(7)];
  }
  std::vector<std::string> texts() {
    std::vector<std::string> out(static_cast<size_t>(below(3)));
    for (auto& one : out) one = text();
    return out;
  }
  FunctionRef function() {
    return coin() ? FunctionRef{static_cast<uint16_t>(below(9))} : FunctionRef{};
  }
  Duration duration() { return {static_cast<int64_t>(bits_() >> 20)}; }
  std::optional<Duration> maybe_duration() {
    return coin() ? std::optional(coin() ? duration() : Duration{}) : std::nullopt;
  }
  TimeOfDay time() { return {below(1441)}; }
  std::optional<TimeOfDay> maybe_time() { return coin() ? std::optional(time()) : std::nullopt; }

  Doc doc(int depth = 0) {
    switch (below(depth < 3 ? 9 : 7)) {
      case 0: return Doc::boolean(coin());
      case 1: return Doc::integer(static_cast<int64_t>(bits_()));
      case 2: return Doc::number(coin() ? 2.0 : static_cast<double>(bits_()) / 7);
      case 3: return Doc::text(text());
      case 4: return Doc::money({static_cast<int64_t>(bits_() >> 2), *Currency::parse("EUR")});
      case 5: return Doc::instant({static_cast<int64_t>(bits_() >> 22)});
      case 6: return Doc::date({below(40000)});
      case 7: return Doc::list({doc(depth + 1), doc(depth + 1)});
      default: break;
    }
    return Doc::record(
        {{"minor", doc(depth + 1)}, {"currency", doc(depth + 1)}, {"$minor", doc(depth + 1)}});
  }
  DataSource data() {
    DataSource out;
    out.function = function();
    if (coin()) out.constant = doc();
    return out;
  }

  std::vector<EventPattern> patterns() {
    std::vector<EventPattern> out(static_cast<size_t>(below(3)));
    for (auto& pattern : out) pattern = {text(), function()};
    return out;
  }
  std::optional<FieldMoment> maybe_moment() {
    if (coin()) return std::nullopt;
    return FieldMoment{static_cast<FieldMoment::Kind>(below(2)), text(), duration(), below(9),
                       maybe_time()};
  }
  SendTime send_time() { return {maybe_time(), text(), text()}; }
  RuleScope scope() {
    return {text(), coin() ? std::optional(static_cast<Purpose>(below(3))) : std::nullopt};
  }
  ContactRules rules() {
    ContactRules out;
    for (int i = below(3); i > 0; --i) {
      out.windows.push_back({scope(), time(), time(), static_cast<uint8_t>(below(256))});
      out.caps.push_back({scope(), below(9), duration()});
    }
    out.gap = maybe_duration();
    out.suppress_on = texts();
    out.priority = texts();
    out.consent_needed_for_recovery = coin();
    if (coin()) out.quiet_days.push_back({scope(), text(), {Date{below(30'000)}}});
    out.self_cure = maybe_duration();
    return out;
  }

  Edge edge(size_t steps) {
    return {static_cast<StepIndex>(below(static_cast<int>(steps))), texts(), coin(), coin()};
  }
  After after(int step, int depth = 0) {
    After out;
    const int kind = below(depth < 3 ? 5 : 2);
    if (kind == 0) return out;
    if (kind == 4) {
      out.kind = After::Kind::ended;
      out.ends = {RunEnd::expired, static_cast<RunEnd>(below(8))};
    } else if (kind == 1 || depth == 3) {
      if (step == 0) return out;
      out.kind = After::Kind::edge;
      out.edge = edge(static_cast<size_t>(step));
    } else {
      out.kind = kind == 2 ? After::Kind::any : After::Kind::all;
      for (int i = below(3); i > 0; --i) {
        const After part = after(step, depth + 1);
        if (part.kind != After::Kind::none) out.of.push_back(part);
      }
    }
    return out;
  }

  Step step(int i) {
    Step out;
    out.name = "step_" + std::to_string(i) + text();
    out.was = text();
    out.line = below(200);
    out.after = after(i);
    out.when = function();
    out.outcomes = texts();
    out.close_words = texts();
    out.body = body(i);
    return out;
  }
  StepBody body(int i) {
    const auto earlier = i == 0 ? kNoStep : static_cast<StepIndex>(below(i));
    switch (below(i == 0 ? 12 : 13)) {
      case 0: return FetchStep{text(), text(), text(), texts(), doc()};
      case 1: return ChargeStep{text(), below(5), maybe_duration(), send_time(), data()};
      case 2: return send();
      case 3: return WaitStep{maybe_duration(), maybe_moment(), maybe_time()};
      case 4: return AwaitStep{patterns(), maybe_duration()};
      case 5: return decision();
      case 6: return ActStep{text(), text(), data(), data(), earlier};
      case 7: return HoldStep{text(), text(), text(), data(), duration()};
      case 8: return HandoffStep{text(), maybe_duration(), texts()};
      case 9: return RecordStep{text(), data()};
      case 10: return StopStep{text()};
      case 11: return StartFlowStep{text(), data()};
      default: return ReleaseStep{earlier};
    }
  }
  SendStep send() {
    SendStep out;
    out.via = text(), out.channel_kind = text(), out.template_name = text(), out.script = text();
    out.data = data();
    out.tries = below(9);
    out.gap = maybe_duration();
    out.at = send_time();
    out.expect = patterns();
    out.deadline = maybe_moment();
    out.callbacks = below(3);
    out.resend_unknown = coin(), out.requested = coin();
    if (coin()) out.overrides = {{text(), text()}};
    if (coin()) out.channels = {{text(), text()}, {text(), text()}}, out.choose = text();
    out.content = text(), out.content_within = duration();
    return out;
  }
  DecideStep decision() {
    DecideStep out;
    out.kind = static_cast<DecideStep::Kind>(below(4));
    out.columns = texts(), out.paths = texts(), out.words = texts();
    for (int i = below(4); i > 0; --i) {
      TableRow row{{}, text(), doc(), below(90)};
      for (int j = below(3); j > 0; --j)
        row.cells.push_back({static_cast<Cell::Kind>(below(5)), {doc(), doc()}});
      out.rows.push_back(row);
    }
    out.first_hit = coin();
    out.function = function();
    out.policy = text();
    for (int i = below(3); i > 0; --i) out.split.emplace_back(text(), below(101));
    out.otherwise = text();
    return out;
  }

  std::mt19937_64 bits_;
};

std::string problem(std::string_view json) {
  const auto flow = flow_from_json(json);
  if (flow.ok()) return "";
  CHECK(flow.error().code == Code::store_corrupt);
  return flow.error().message;
}

}  // namespace

TEST_CASE("a flow of any content reads back as itself, and writes the same text again") {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    const Flow flow = RandomFlow(seed).make();
    const std::string json = flow_to_json(flow);
    const auto read = flow_from_json(json);
    INFO("seed " << seed << "\n" << json);
    REQUIRE((read.ok() ? "" : read.error().message) == "");
    REQUIRE(*read == flow);
    REQUIRE(flow_to_json(*read) == json);
  }
}

TEST_CASE("the JSON names steps, sorts its keys and leaves defaults out") {
  FlowBuilder b("f");
  b.flow().version = Key{};
  b.add("mail", send("email", "email"));
  b.last().outcomes = {"delivered", "failed"};
  b.add("stop", StopStep{}, any({on("mail.delivered"), on("mail")}));
  const std::string mail = R"({"line":1,"name":"mail","outcomes":["delivered","failed"],)"
                           R"("send":{"channel_kind":"email","template":"text","via":"email"}})";
  const std::string stop =
      R"({"after":{"any":[{"outcomes":["delivered"],"step":"mail"},{"bare":true,"step":"mail"}]},)"
      R"("line":2,"name":"stop","stop":{}})";
  CHECK(flow_to_json(b.build()) ==
        R"({"file":"flows/f.lua","name":"f","steps":[)" + mail + "," + stop + "]}");
}

TEST_CASE("the example of the language survives the store") {
  const Flow flow = payment_recovery();
  const auto read = flow_from_json(flow_to_json(flow));
  REQUIRE(read.ok());
  CHECK(flow_to_json(*read) == flow_to_json(flow));
  CHECK(read->find("call")->after == flow.find("call")->after);
}

TEST_CASE("what flow_to_json would not write is refused with its place") {
  const std::string start = "a stored flow does not read: ";
  CHECK(problem("{") == start + "is not JSON");
  CHECK(problem("[]") == start + "flow: an object is expected");
  CHECK(problem(R"({"name": "f"})") == start + "is not in canonical form");
  CHECK(problem(R"({"name":"f","expire_ms":7776000000})") == start + "is not in canonical form");
  CHECK(problem(R"({"name":1})") == start + "flow.name: text is expected");
  CHECK(problem(R"({"colour":"red","name":"f"})") ==
        start + "flow: only fields that are known is expected");
  CHECK(problem(R"({"steps":[{"name":"a"}]})") ==
        start + "flow.steps[0]: a kind of step is expected");
  CHECK(problem(R"({"steps":[{"name":"a","wait":{"duration_ms":"1"}}]})") ==
        start + "flow.steps[0].wait.duration_ms: a whole number in range is expected");
  CHECK(problem(R"({"steps":[{"name":"a","wait":{}},{"name":"a","wait":{}}]})") ==
        start + "flow: a name of its own for every step is expected");
  CHECK(problem(R"({"steps":[{"after":{"bare":true,"step":"b"},"name":"a","wait":{}}]})") ==
        start + "flow.steps[0].after.step: the name of a step is expected");
  CHECK(problem(R"({"steps":[{"after":{"bare":true,"step":"a"},"name":"a","wait":{}}]})") ==
        start + "flow: an edge from an earlier step is expected");
}

TEST_CASE("no cut of the text reads") {
  const std::string json = flow_to_json(payment_recovery());
  for (size_t n = 0; n < json.size(); ++n) {
    if (flow_from_json(std::string_view(json).substr(0, n)).ok()) FAIL("reads when cut at " << n);
  }
}
