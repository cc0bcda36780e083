// relance.email.http against a provider that honours keys.
#include "channels/email/http/provider.h"
#include "providers/fake_mail_api.h"
#include "support/plugin_stage.h"

using namespace relance;

namespace {

class Stage : public PluginStage {
 public:
  explicit Stage(const FakeMailApi& api, const std::string& more = "",
                 const std::string& token = "mail-token")
      : PluginStage("relance.email.http",
                    R"({"url":")" + api.url() +
                        R"(/emails","secret":{"secret":"MAIL"},"from":"hello@shop.example")" +
                        more + "}",
                    {{"MAIL", token}}) {}
};

TouchOrder letter(const std::string& to = "ann@example.com") {
  TouchOrder order = PluginStage::order(
      "ann", to, {{"subject", "Zapłać"}, {"text", "Hello"}, {"html", "<p>Hello</p>"}});
  order.touch.purpose = Purpose::recovery;
  return order;
}

rl_reply reply_of(int32_t status, uint32_t wire, std::string_view body = {}) {
  rl_reply reply{};
  reply.struct_size = sizeof reply;
  reply.status = status;
  reply.wire = wire;
  reply.body = {body.data(), body.size()};
  return reply;
}

struct Row {
  int status;
  Wire wire;
  std::string body;
  uint32_t ends;
};

}  // namespace

TEST_CASE("a letter is sent with its key, and again has one effect and the same bytes") {
  FakeMailApi api;
  Stage stage(api, R"(,"unsubscribe":"https://shop.example/u/{key}")");
  const OperationResult first = stage.send(letter());
  INFO(first.reason);
  REQUIRE(first.status == OperationStatus::done);
  const std::string key = letter().touch.key.text();
  CHECK(first.refs == std::vector<std::string>{"m-" + key});
  {
    Stage again(api, R"(,"unsubscribe":"https://shop.example/u/{key}")");
    CHECK(again.send(letter()).refs == first.refs);
  }
  CHECK(api.ledger().count() == 1);
  const auto requests = api.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].body == requests[1].body);
  CHECK(requests[0].header("idempotency-key") == key);
  const auto body = from_json(requests[0].body).value();
  CHECK(body.view().find("subject").text() == "Zapłać");
  CHECK(body.view().find("headers").find("List-Unsubscribe").text() ==
        "<https://shop.example/u/" + key + ">");
  CHECK(body.view().find("headers").find("Message-ID").text() == "<" + key + "@shop.example>");
}

TEST_CASE("a letter whose answer is lost, or no answer of an API, is unknown until asked again") {
  FakeMailApi api;
  Stage stage(api);
  if (GENERATE(true, false))
    api.drop_next(1, FakeProvider::Effects::done);
  else
    api.html_next(1, FakeProvider::Effects::done);
  const OperationResult lost = stage.send(letter());
  CHECK(lost.status == OperationStatus::unknown);
  Stage again(api);
  CHECK(again.send(letter()).status == OperationStatus::done);
  CHECK(api.ledger().count() == 1);
}

TEST_CASE("a provider that asks to wait paces the channel") {
  FakeMailApi api;
  Stage stage(api);
  ServerAnswer wait;
  wait.status = 429;
  wait.headers = {{"Retry-After", "90"}};
  api.answer_next(1, wait);
  const OperationResult result = stage.send(letter());
  CHECK(result.status == OperationStatus::not_now);
  CHECK(result.again_at > SystemClock().now() + seconds(60));
  CHECK(stage.paced_until() == result.again_at);
}

TEST_CASE("a wrong token makes mail wait, a wrong letter is refused") {
  FakeMailApi api;
  Stage stranger(api, "", "another");
  CHECK(stranger.send(letter()).status == OperationStatus::not_now);
  Stage stage(api);
  api.answer_next(1, 422, "{}");
  CHECK(stage.send(letter()).status == OperationStatus::refused);
  const OperationResult nowhere = stage.send(letter("ann"));
  CHECK(nowhere.word == "bounced");
  CHECK(api.ledger().count() == 0);
}

TEST_CASE("a look-up tells what became of a letter") {
  FakeMailApi api;
  Stage stage(api, R"(,"lookup_url":")" + api.url() + R"(/emails?key={key}")");
  CHECK(stage.look_up(letter()).status == OperationStatus::absent);
  REQUIRE(stage.send(letter()).status == OperationStatus::done);
  const OperationResult found = stage.look_up(letter());
  CHECK(found.status == OperationStatus::done);
  CHECK(found.refs == std::vector<std::string>{"m-" + letter().touch.key.text()});
}

TEST_CASE("its class is keyed, for as long as the provider remembers") {
  FakeMailApi api;
  Stage usual(api), longer(api, R"(,"key_window_h":72)");
  CHECK(usual.host().channel("it")->delivery == DeliveryClass::keyed);
  CHECK(usual.host().channel("it")->key_window == hours(24));
  CHECK(longer.host().channel("it")->key_window == hours(72));
  CHECK_FALSE(usual.host().channel("it")->can_look_up);
}

TEST_CASE("what an answer of the provider means") {
  const Row row = GENERATE(values<Row>({
      {0, Wire::not_sent, "", RL_NOT_NOW},
      {0, Wire::maybe, "", RL_UNKNOWN},
      {200, Wire::answered, R"({"id":"m1"})", RL_DONE},
      {202, Wire::answered, R"({"id":7})", RL_DONE},
      {200, Wire::answered, "<html>", RL_UNKNOWN},
      {200, Wire::answered, "{}", RL_UNKNOWN},
      {307, Wire::answered, "", RL_UNKNOWN},
      {400, Wire::answered, "{}", RL_REFUSED},
      {401, Wire::answered, "{}", RL_NOT_NOW},
      {403, Wire::answered, "{}", RL_NOT_NOW},
      {409, Wire::answered, "{}", RL_UNKNOWN},
      {413, Wire::answered, "", RL_REFUSED},
      {422, Wire::answered, "{}", RL_REFUSED},
      {429, Wire::answered, "", RL_NOT_NOW},
      {500, Wire::answered, "{}", RL_UNKNOWN},
      {503, Wire::answered, "<html>", RL_UNKNOWN},
  }));
  INFO(row.status << " " << row.body);
  const uint32_t wire = row.wire == Wire::not_sent ? RL_NOT_SENT
                        : row.wire == Wire::maybe  ? RL_MAYBE
                                                   : RL_ANSWERED;
  CHECK(email::ending_of_send(reply_of(row.status, wire, row.body), 1000, "id").status == row.ends);
}
