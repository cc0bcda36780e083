// A channel that posts anywhere: what leaves, how it is signed, and what each answer means. The
// receiver is a plain server; its check is the one that the plugin's page shows.
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>

#include "providers/fake_provider.h"
#include "support/plugin_stage.h"

using namespace relance;
using Ended = OperationStatus;

namespace {

constexpr const char* kSecret = "a secret of thirty-two bytes, ok";

// Takes every event once: verifies the signature over the raw bytes, refuses what is old, and knows
// a repeat by its id.
class Receiver : public FakeProvider {
 public:
  Receiver() {
    route("POST", "/in", [this](const FakeRequest& r) { return take(r); });
  }
  ~Receiver() override { close(); }

  std::string secret = kSecret;
  Instant now = SystemClock().now();

  ServerAnswer take(const ServerRequest& request) {
    const std::string id(request.header("webhook-id")), time(request.header("webhook-timestamp"));
    const int64_t age = now.ms / 1000 - std::strtoll(time.c_str(), nullptr, 10);
    if (age > 300 || age < -300) return json_answer(401, R"({"error": "too old"})");
    const std::string want =
        "v1," + base64(hmac("SHA256", secret, id + "." + time + "." + request.body));
    bool genuine = false;
    for (const std::string_view one : split(request.header("webhook-signature"), ' '))
      genuine |= one == want;
    if (!genuine) return json_answer(401, R"({"error": "forged"})");
    ledger().add_once(id, "event", "", request.body);
    return json_answer(204, "");
  }

 private:
  static std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (size_t end = text.find(at); end != std::string_view::npos; end = text.find(at)) {
      parts.push_back(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    parts.push_back(text);
    return parts;
  }
};

struct Line {
  explicit Line(const std::string& more = "", const std::string& previous = "")
      : stage(
            "relance.webhook",
            R"({"url": ")" + receiver.url() + R"(/in", "secret": {"secret": "HOOK"})" + more + "}",
            secrets(previous)) {}

  static std::map<std::string, std::string, std::less<>> secrets(const std::string& previous) {
    std::map<std::string, std::string, std::less<>> all{{"HOOK", kSecret}, {"TOKEN", "t0ken"}};
    if (!previous.empty()) all["HOOK_PREVIOUS"] = previous;
    return all;
  }
  static TouchOrder order(const std::string& name,
                          const std::string& data = R"({"plan": "yearly"})") {
    TouchOrder made = PluginStage::order(name, "+33600000000", {{"text", "Hello"}}, data);
    made.touch.intended_at = parse_instant("2026-01-05T08:00:00.250Z").value();
    return made;
  }

  Receiver receiver;
  PluginStage stage;
};

}  // namespace

TEST_CASE("a touch leaves as a CloudEvent that its receiver can verify", "[S2-02]") {
  Line wire;
  const TouchOrder order = Line::order("ann");
  const OperationResult result = wire.stage.send(order);
  CHECK(result.status == Ended::done);
  CHECK(result.word == "delivered");
  REQUIRE(wire.receiver.ledger().count() == 1);
  const FakeRequest request = wire.receiver.requests().front();
  CHECK(request.header("content-type") == "application/cloudevents+json; charset=utf-8");
  CHECK(request.header("webhook-id") == order.touch.key.text());
  const Doc event = from_json(request.body).value();
  const auto text = [&](std::string_view path) {
    return std::string(event.view().find_path(path).text().value_or(""));
  };
  CHECK(text("specversion") == "1.0");
  CHECK(text("id") == order.touch.key.text());
  CHECK(text("source") == "relance");
  CHECK(text("type") == "relance.touch");
  CHECK(text("subject") == "customer-ann");
  CHECK(text("time") == "2026-01-05T08:00:00.250Z");
  CHECK(text("datacontenttype") == "application/json");
  CHECK(text("data.data.plan") == "yearly");
  CHECK(text("data.to") == "+33600000000");
  CHECK(event.view().find_path("data.parts").size() == 1);
}

TEST_CASE("source and type can be chosen, the type also by the step") {
  Line wire(R"(, "source": "/shop", "type": "shop.note")");
  wire.stage.send(Line::order("a"));
  wire.stage.send(Line::order("b", R"({"type": "shop.overdue"})"));
  const auto requests = wire.receiver.requests();
  CHECK(from_json(requests[0].body)->view().find("type").text() == "shop.note");
  CHECK(from_json(requests[0].body)->view().find("source").text() == "/shop");
  CHECK(from_json(requests[1].body)->view().find("type").text() == "shop.overdue");
}

TEST_CASE("a repeat has the same id and the same bytes, and counts once") {
  Line wire;
  const TouchOrder order = Line::order("ann");
  wire.receiver.drop_next(1, FakeProvider::Effects::done);
  CHECK(wire.stage.send(order).status == Ended::unknown);
  CHECK(wire.stage.send(order).status == Ended::done);
  const auto requests = wire.receiver.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].body == requests[1].body);
  CHECK(requests[0].header("webhook-id") == requests[1].header("webhook-id"));
  CHECK(wire.receiver.ledger().count() == 1);
}

TEST_CASE("while a secret changes, receivers of either version are content") {
  Line wire("", "the secret before this one");
  CHECK(wire.stage.send(Line::order("a")).status == Ended::done);
  wire.receiver.secret = "the secret before this one";
  CHECK(wire.stage.send(Line::order("b")).status == Ended::done);
  wire.receiver.secret = "another secret altogether";
  CHECK(wire.stage.send(Line::order("c")).status == Ended::failed);
}

TEST_CASE("every answer has its meaning") {
  struct Row {
    int status;
    Ended ended;
  };
  const Row row = GENERATE(values<Row>({{200, Ended::done},
                                        {202, Ended::done},
                                        {410, Ended::refused},
                                        {429, Ended::not_now},
                                        {500, Ended::not_now},
                                        {503, Ended::not_now},
                                        {302, Ended::failed},
                                        {400, Ended::failed},
                                        {401, Ended::failed},
                                        {404, Ended::failed},
                                        {413, Ended::failed}}));
  CAPTURE(row.status);
  Line wire;
  wire.receiver.answer_next(1, row.status, "{}");
  const OperationResult result = wire.stage.send(Line::order("a"));
  CHECK(result.status == row.ended);
  CHECK(result.reason == "HTTP " + std::to_string(row.status));
}

TEST_CASE("a receiver says when to come back") {
  Line wire;
  ServerAnswer busy = json_answer(503, "{}");
  busy.headers = {{"Retry-After", "120"}};
  wire.receiver.answer_next(1, busy);
  const Instant before = SystemClock().now();
  const OperationResult result = wire.stage.send(Line::order("a"));
  CHECK(result.again_at >= before + seconds(120));
  CHECK(result.again_at < before + seconds(180));
}

TEST_CASE("nobody there: nothing has left, and it may be asked again") {
  Line wire;
  PluginStage stage("relance.webhook",
                    R"({"url": "http://127.0.0.1:1/in", "secret": {"secret": "HOOK"}})",
                    {{"HOOK", kSecret}});
  CHECK(stage.send(Line::order("a")).status == Ended::not_now);
}

TEST_CASE("a bearer token goes along where one is named") {
  Line wire(R"(, "bearer": {"secret": "TOKEN"})");
  wire.stage.send(Line::order("a"));
  CHECK(bearer_token(wire.receiver.requests().front()) == "t0ken");
}

TEST_CASE("a receiver refuses what is forged, altered or replayed late") {
  Line wire;
  wire.stage.send(Line::order("a"));
  const ServerRequest genuine = wire.receiver.requests().front();
  CHECK(wire.receiver.take(genuine).status == 204);
  CHECK(wire.receiver.ledger().count() == 1);

  ServerRequest altered = genuine;
  altered.body.insert(altered.body.size() - 1, " ");
  CHECK(wire.receiver.take(altered).status == 401);
  ServerRequest forged = genuine;
  for (auto& [name, value] : forged.headers)
    if (name == "webhook-signature") value = "v1," + base64(hmac("SHA256", "guessed", forged.body));
  CHECK(wire.receiver.take(forged).status == 401);
  ServerRequest moved = genuine;  // another time, the old signature
  for (auto& [name, value] : moved.headers)
    if (name == "webhook-timestamp") value = std::to_string(wire.receiver.now.ms / 1000 + 1);
  CHECK(wire.receiver.take(moved).status == 401);
  wire.receiver.now = wire.receiver.now + minutes(6);
  CHECK(wire.receiver.take(genuine).status == 401);
}

TEST_CASE("the reference library of Standard Webhooks accepts what is sent, and no other secret") {
  Line line;
  const TouchOrder order = Line::order("ann");
  line.stage.send(order);
  const FakeRequest sent = line.receiver.requests().front();
  const auto verified = [&](const std::string& secret) {
    std::string command = "node '" RELANCE_SOURCE_DIR "/tests/webhook/standard_webhooks.mjs'";
    for (const std::string& one :
         {std::string(RELANCE_SOURCE_DIR "/build/npm/node_modules"), secret,
          std::string(sent.header("webhook-id")), std::string(sent.header("webhook-timestamp")),
          std::string(sent.header("webhook-signature")), sent.body})
      command += " '" + one + "'";
    INFO("`./dev test` installs the library: " << command);
    std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    char said[4096] = {};
    const size_t got = std::fread(said, 1, sizeof said - 1, pipe);
    REQUIRE(WEXITSTATUS(pclose(pipe)) == 0);
    return std::string(said, got);
  };
  CHECK(verified(kSecret) == "ok " + order.touch.key.text() + "\n");
  CHECK(verified("another secret of the same length") == "No matching signature found\n");
}
