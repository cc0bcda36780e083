// A desk over the webhook channel: what it is told of an item, and whose answers count.
#include "providers/fake_provider.h"
#include "support/plugin_stage.h"

using namespace relance;

namespace {

constexpr const char* kSecret = "a secret of thirty-two bytes, ok";
constexpr const char* kAccept = R"({"type": "handoff.accepted", "data": {"by": "lea"}})";

class DeskServer : public FakeProvider {
 public:
  DeskServer() {
    route("POST", "/in", [this](const FakeRequest& request) {
      ledger().add_once(std::string(request.header("webhook-id")), "offer", "", request.body);
      return json_answer(204, "");
    });
  }
  ~DeskServer() override { close(); }
};

struct Line {
  DeskServer desk;
  CallbackUrls callbacks{"https://relance.example", "a secret of this installation"};
  PluginStage stage{"relance.webhook",
                    R"({"url": ")" + desk.url() + R"(/in", "secret": {"secret": "HOOK"}})",
                    {{"HOOK", kSecret}, {"HOOK_PREVIOUS", "the one before it"}},
                    PluginStage::Role::channel,
                    &callbacks};
  const Key offer = derive_key({"touch", "offer"});

  InboundRequest signed_request(const std::string& body, const std::string& secret = kSecret,
                                int64_t ago_s = 0) const {
    const std::string time = std::to_string(SystemClock().now().ms / 1000 - ago_s);
    InboundRequest request;
    request.method = "POST";
    request.key = offer;
    request.body = body;
    request.headers = {
        {"webhook-id", "answer-1"},
        {"webhook-timestamp", time},
        {"webhook-signature",
         "v1,AAAA v1," + base64(hmac("SHA256", secret, "answer-1." + time + "." + body))}};
    return request;
  }
  int status(InboundRequest request) { return stage.request(std::move(request)).status; }
};

}  // namespace

TEST_CASE("a desk is told where to answer, and other receivers are not", "[S1-58]") {
  Line line;
  const auto told = [&](const std::string& name, const std::string& data) {
    REQUIRE(line.stage.send(PluginStage::order(name, "", {}, data)).status ==
            OperationStatus::done);
    const auto said = from_json(line.desk.ledger().all().back().data).value();
    return std::string(said.view().find_path("data.answer_to").text().value_or(""));
  };
  const std::string answer_to = told("offer", R"({"item": "4tq7ad", "queue": "billing"})");
  CHECK(answer_to == line.callbacks.url("it", line.offer));
  CHECK(line.callbacks.read("/v1/hooks/it" + answer_to.substr(answer_to.find("/k/")))->touch ==
        line.offer);
  CHECK(told("other", R"({"plan": "yearly"})").empty());
}

TEST_CASE("a desk's answer is an event about its offer", "[S1-58]") {
  Line line;
  CHECK(line.status(line.signed_request(
            R"({"type": "handoff.completed", "data": {"by": "lea", "outcome": "paid",)"
            R"( "data": {"promised": "friday"}, "more": 1}})")) == 202);
  const PluginEvent event = line.stage.events(1).front();
  CHECK(event.type == "handoff.completed");
  CHECK(event.key == line.offer);
  CHECK(event.id == "answer-1");
  CHECK(to_json(event.data) == R"({"by":"lea","data":{"promised":"friday"},"outcome":"paid"})");
  CHECK(line.status(line.signed_request(kAccept, "the one before it")) == 202);
}

TEST_CASE("a desk with one address for all names the offer in its answer", "[S1-58]") {
  Line line;
  InboundRequest request = line.signed_request(R"({"type": "handoff.declined", "about": ")" +
                                               line.offer.text() + R"("})");
  request.key = {};
  CHECK(line.status(request) == 202);
  CHECK(line.stage.events(1).front().key == line.offer);
}

TEST_CASE("an answer that is forged, old, about nothing or unknown counts for nothing",
          "[bad_input]") {
  Line line;
  InboundRequest request = line.signed_request(kAccept);
  int refused = 0;
  SECTION("another secret") {
    request = line.signed_request(kAccept, "somebody else's secret");
    refused = 401;
  }
  SECTION("an altered body") {
    request.body = R"({"type": "handoff.completed", "data": {"by": "eve"}})";
    refused = 401;
  }
  SECTION("sent again much later") {
    request = line.signed_request(kAccept, kSecret, 301);
    refused = 401;
  }
  SECTION("from the future") {
    request = line.signed_request(kAccept, kSecret, -400);
    refused = 401;
  }
  SECTION("unsigned") {
    request.headers.pop_back();
    refused = 401;
  }
  SECTION("a time that is none") {
    request.headers[1].second = "soon";
    refused = 401;
  }
  SECTION("about no item") {
    request.key = {};
    refused = 404;
  }
  SECTION("no word of a desk") {
    request = line.signed_request(R"({"type": "payment.succeeded", "data": {}})");
    refused = 422;
  }
  SECTION("no JSON") {
    request = line.signed_request("accepted");
    refused = 422;
  }
  SECTION("not posted") {
    request.method = "GET";
    refused = 405;
  }
  CHECK(line.status(request) == refused);
  CHECK(line.status(line.signed_request(kAccept)) == 202);
  CHECK(line.stage.events(1).size() == 1);  // the genuine one alone
}
