// relance.email.smtp against a real mail server.
#include "channels/email/shared/mime_read.h"
#include "email/mail_server.h"
#include "support/plugin_stage.h"

using namespace relance;

namespace {

using Tls = MailServer::Tls;

std::string config_for(const MailServer& server, const std::string& more = "") {
  return R"({"url":")" + server.url() + R"(","from":"hello@shop.example","from_name":"Łódź Shop")" +
         more + "}";
}

class Stage : public PluginStage {
 public:
  explicit Stage(const MailServer& server, const std::string& more = "",
                 std::map<std::string, std::string, std::less<>> secrets = {},
                 const CallbackUrls* callbacks = nullptr)
      : PluginStage("relance.email.smtp", config_for(server, more), std::move(secrets),
                    Role::channel, callbacks, trusting(server)) {}

 private:
  static NetOptions trusting(const MailServer& server) {
    NetOptions options;
    options.ca_file = server.ca_file();
    return options;
  }
};

TouchOrder letter(const std::string& to, const std::string& name = "ann") {
  TouchOrder order = PluginStage::order(name, to,
                                        {{"subject", "Zapłać za zamówienie"},
                                         {"text", "Hello Ann,\n.a line with a dot\nżółw\n"},
                                         {"html", "<p>Hello <b>Ann</b></p>"}});
  order.touch.intended_at = parse_instant("2026-01-05T10:00:00Z").value();
  return order;
}

struct Row {
  std::string to;
  OperationStatus status;
  std::string word, reason;
  Wire wire;
};

}  // namespace

TEST_CASE("a letter arrives over TLS with both its texts, and a repeat has the same bytes") {
  const Tls tls = GENERATE(Tls::starttls, Tls::implicit);
  MailServer server(tls);
  Stage stage(server);
  const OperationResult result = stage.send(letter("ann@example.com"));
  INFO(result.reason);
  REQUIRE(result.status == OperationStatus::done);
  CHECK(result.wire == Wire::answered);
  const std::string key = letter("").touch.key.text();
  CHECK(result.refs == std::vector<std::string>{key + "@shop.example"});
  {
    Stage again(server);  // another process, after a crash
    REQUIRE(again.send(letter("ann@example.com")).status == OperationStatus::done);
  }
  const auto messages = server.messages();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].tls);
  CHECK(messages[0].from == "hello@shop.example");
  CHECK(messages[0].text == messages[1].text);
  const email::Entity message = email::read_entity(messages[0].text);
  CHECK(message.header("subject") == "Zapłać za zamówienie");
  CHECK(message.header("from") == "Łódź Shop <hello@shop.example>");
  CHECK(message.header("to") == "ann@example.com");
  CHECK(message.header("date") == "Mon, 05 Jan 2026 10:00:00 +0000");
  CHECK(message.header("message-id") == "<" + key + "@shop.example>");
  CHECK(message.type == "multipart/alternative");
  REQUIRE(message.parts.size() == 2);
  CHECK(message.parts[0].body == "Hello Ann,\r\n.a line with a dot\r\nżółw\r\n");
  CHECK(message.parts[1].type == "text/html");
  CHECK(message.parts[1].body == "<p>Hello <b>Ann</b></p>\r\n");
}

TEST_CASE("what a mail server answers decides what becomes of the letter") {
  const Row row = GENERATE(values<Row>({
      {"slow", OperationStatus::done, "", "smtp_250_2.0.0", Wire::answered},
      {"nobody", OperationStatus::refused, "bounced", "smtp_550_5.1.1", Wire::answered},
      {"old", OperationStatus::refused, "bounced", "smtp_550", Wire::answered},
      {"policy", OperationStatus::refused, "failed", "smtp_550_5.7.26", Wire::answered},
      {"spam", OperationStatus::refused, "failed", "smtp_554_5.7.1", Wire::answered},
      {"full", OperationStatus::not_now, "", "smtp_452_4.2.2", Wire::answered},
      {"grey", OperationStatus::not_now, "", "smtp_450_4.7.1", Wire::answered},
      {"later", OperationStatus::not_now, "", "smtp_451_4.3.0", Wire::answered},
      {"cut", OperationStatus::unknown, "", "connection_lost", Wire::maybe},
      {"dark", OperationStatus::unknown, "", "connection_lost", Wire::maybe},
  }));
  INFO(row.to);
  MailServer server;
  Stage stage(server);
  const OperationResult result = stage.send(letter(row.to + "@example.com"));
  CHECK(result.status == row.status);
  CHECK(result.word == row.word);
  CHECK(result.reason == row.reason);
  CHECK(result.wire == row.wire);
  CHECK(server.messages().size() == (row.to == "slow" || row.to == "dark" ? 1 : 0));
}

TEST_CASE("a server that is too busy is given rest by all of the channel") {
  MailServer server;
  Stage stage(server);
  const OperationResult result = stage.send(letter("busy@example.com"));
  CHECK(result.status == OperationStatus::not_now);
  CHECK(stage.paced_until() == result.again_at);
}

TEST_CASE("a server that never answers costs the time limit, and the letter's fate is unknown") {
  MailServer server;
  Stage stage(server, R"(,"timeout_s":1)");
  const OperationResult result = stage.send(letter("silent@example.com"));
  CHECK(result.status == OperationStatus::unknown);
  CHECK(result.wire == Wire::maybe);
}

TEST_CASE("a letter under way can be taken back no more, and says so") {
  MailServer server;
  Stage stage(server);
  TouchOrder order = letter("silent@example.com");
  const Key key = order.touch.key;
  stage.host().send(std::move(order));
  while (server.messages().empty()) std::this_thread::yield();
  stage.host().cancel(key);
  CHECK(stage.answer_of(key).status == OperationStatus::unknown);
}

TEST_CASE("where nobody listens the letter waits") {
  std::string url;
  {
    const MailServer gone;
    url = gone.url();
  }
  PluginStage stage("relance.email.smtp",
                    R"({"url":")" + url + R"(","from":"hello@shop.example"})");
  const OperationResult result = stage.send(letter("ann@example.com"));
  CHECK(result.status == OperationStatus::not_now);
  CHECK(result.wire == Wire::not_sent);
}

TEST_CASE("a certificate that nobody vouches for gets nothing") {
  MailServer server;
  PluginStage stage("relance.email.smtp", config_for(server));
  CHECK(stage.send(letter("ann@example.com")).status == OperationStatus::not_now);
  CHECK(server.messages().empty());
}

TEST_CASE("TLS that is required is not done without") {
  MailServer server(Tls::none);
  Stage strict(server, R"(,"tls":"required")");
  CHECK(strict.send(letter("ann@example.com")).status == OperationStatus::not_now);
  CHECK(server.messages().empty());
  Stage lenient(server);  // on this machine it may be plain
  CHECK(lenient.send(letter("ann@example.com")).status == OperationStatus::done);
  Stage password(server, R"(,"user":"shop","password":{"secret":"P"})", {{"P", "p"}});
  CHECK(password.send(letter("ann@example.com")).status == OperationStatus::not_now);
  CHECK(server.messages().size() == 1);
}

TEST_CASE("a sender may be written with his name") {
  MailServer server;
  NetOptions options;
  options.ca_file = server.ca_file();
  PluginStage stage("relance.email.smtp",
                    R"({"url":")" + server.url() + R"(","from":"The Shop <hello@shop.example>"})",
                    {}, PluginStage::Role::channel, nullptr, options);
  REQUIRE(stage.send(letter("ann@example.com")).status == OperationStatus::done);
  const auto message = server.messages().at(0);
  CHECK(message.from == "hello@shop.example");
  CHECK(email::read_entity(message.text).header("from") == "The Shop <hello@shop.example>");
}

TEST_CASE("a password is told by its name, and a wrong one makes all mail wait") {
  MailServer server(Tls::starttls, "shop", "right");
  const std::string login = R"(,"user":"shop","password":{"secret":"MAIL_PASSWORD"})";
  {
    Stage stage(server, login, {{"MAIL_PASSWORD", "wrong"}});
    const OperationResult result = stage.send(letter("ann@example.com"));
    CHECK(result.status == OperationStatus::not_now);
    CHECK(result.reason.starts_with("smtp_535"));
    CHECK(stage.paced_until() == result.again_at);
  }
  Stage stage(server, login, {{"MAIL_PASSWORD", "right"}});
  REQUIRE(stage.send(letter("ann@example.com")).status == OperationStatus::done);
  CHECK(server.messages().at(0).user == "shop");
}

TEST_CASE("an address that is no mailbox bounces without a connection") {
  MailServer server;
  Stage stage(server);
  const std::string to =
      GENERATE("ann", "ann@", "ann@example.com\r\nRCPT TO:<eve@example.com>", "a b@example.com");
  const OperationResult result = stage.send(letter(to));
  CHECK(result.status == OperationStatus::refused);
  CHECK(result.word == "bounced");
  CHECK(result.wire == Wire::not_sent);
}

TEST_CASE("a letter that is no service can be unsubscribed from with one click") {
  MailServer server;
  const CallbackUrls callbacks("https://shop.example", "a secret of this place");
  Stage stage(server, R"(,"unsubscribe":"callback")", {}, &callbacks);
  TouchOrder recovery = letter("ann@example.com", "recovery");
  recovery.touch.purpose = Purpose::recovery;
  const Key key = recovery.touch.key;
  TouchOrder service = letter("ann@example.com", "service");
  service.touch.purpose = Purpose::service;
  REQUIRE(stage.send(std::move(recovery)).status == OperationStatus::done);
  REQUIRE(stage.send(std::move(service)).status == OperationStatus::done);
  const auto messages = server.messages();
  REQUIRE(messages.size() == 2);
  const email::Entity first = email::read_entity(messages[0].text);
  CHECK(first.header("list-unsubscribe") == "<" + callbacks.url("it", key) + "/unsubscribe>");
  CHECK(first.header("list-unsubscribe-post") == "List-Unsubscribe=One-Click");
  CHECK(email::read_entity(messages[1].text).header("list-unsubscribe").empty());
}

TEST_CASE("bounces come to an address that names the letter, links carry a token") {
  MailServer server;
  Stage stage(server,
              R"(,"bounces":"bounces+{key}@shop.example",
                  "unsubscribe":"https://shop.example/u/{token}",
                  "unsubscribe_secret":{"secret":"LINKS"})",
              {{"LINKS", "secret of links"}});
  TouchOrder order = letter("ann@example.com");
  order.touch.purpose = Purpose::marketing;
  const std::string key = order.touch.key.text();
  REQUIRE(stage.send(std::move(order)).status == OperationStatus::done);
  const auto message = server.messages().at(0);
  CHECK(message.from == "bounces+" + key + "@shop.example");
  const std::string link = email::read_entity(message.text).header("list-unsubscribe");
  CHECK(link.starts_with("<https://shop.example/u/" + key + "."));
  CHECK(link.size() == std::string("<https://shop.example/u/.>").size() + 26 + 32);
}
