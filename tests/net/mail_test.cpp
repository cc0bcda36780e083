// Mail against a server that says, at each step, what a test wants it to.
#include <map>

#include "net/ask.h"
#include "net/raw_server.h"

using namespace relance;

namespace {

using Steps = std::map<std::string, std::string>;

const std::string kDrop = "drop", kHang = "hang", kQuiet = "quiet";

// Its answer to each command; the greeting is "hello", the end of the message ".", and "first" is
// said instead of listening on when the first line of the message came.
class FakeMailServer {
 public:
  explicit FakeMailServer(const Steps& changes)
      : says_(with(changes)), server_([this](RawPeer& peer) { serve(peer); }) {}
  std::string url() const { return server_.url("smtp"); }
  std::vector<std::string> heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  int connections() const { return server_.connections(); }

 private:
  bool act(RawPeer& peer, const std::string& step) {
    const std::string& says = says_.at(step);
    if (says == kDrop) peer.reset();
    if (says == kHang) peer.hang();
    if (says == kDrop || says == kHang) return false;
    return says == kQuiet || peer.say(says + "\r\n");
  }

  void serve(RawPeer& peer) {
    if (!act(peer, "hello")) return;
    while (true) {
      const std::string line = peer.hear("\r\n");
      {
        const std::lock_guard lock(mutex_);
        heard_.push_back(line);
      }
      const std::string command = line.substr(0, 4);
      if (!says_.contains(command) || !act(peer, command)) return;
      if (command != "DATA" || !says_.at("DATA").starts_with("354")) continue;
      peer.hear("\r\n");
      if (!act(peer, "first")) return;
      peer.hear("\r\n.\r\n");
      if (!act(peer, ".")) return;
    }
  }

  static Steps with(Steps says) {
    says.merge(Steps{{"hello", "220 mx.example"},
                     {"EHLO", "250-mx.example\r\n250 SIZE 1000000"},
                     {"MAIL", "250 2.1.0 ok"},
                     {"RCPT", "250 2.1.5 ok"},
                     {"DATA", "354 go ahead"},
                     {"first", kQuiet},
                     {".", "250 2.0.0 queued as 1"},
                     {"QUIT", "221 bye"}});
    return says;
  }

  const Steps says_;
  std::mutex mutex_;
  std::vector<std::string> heard_;
  RawServer server_;
};

MailRequest mail_to(const FakeMailServer& server, Duration timeout = seconds(20)) {
  MailRequest mail;
  mail.url = server.url();
  mail.from = "bounce@shop.example";
  mail.to = {"ada@example.com"};
  mail.message = "Subject: hello\r\n\r\n.dot\r\n" + std::string(200'000, 'x') + "\r\n";
  mail.timeout = timeout;
  return mail;
}

struct Row {
  std::string step, says;
  int status;
  Wire wire;
  std::string text;
};

}  // namespace

TEST_CASE("a mail's reply says how far it went: nothing, maybe, or the server's last word") {
  const Row row = GENERATE(values<Row>({
      {"hello", "421 4.3.2 too busy", 421, Wire::answered, "4.3.2 too busy"},
      {"hello", "drop", 0, Wire::not_sent, ""},
      {"EHLO", "drop", 0, Wire::not_sent, ""},
      {"MAIL", "451 4.7.1 later", 451, Wire::answered, "4.7.1 later"},
      {"MAIL", "drop", 0, Wire::not_sent, ""},
      {"RCPT", "550-5.1.1 nobody\r\n550 5.1.1 here", 550, Wire::answered,
       "5.1.1 nobody\n5.1.1 here"},
      {"RCPT", "drop", 0, Wire::not_sent, ""},
      {"DATA", "452 4.3.1 disk full", 452, Wire::answered, "4.3.1 disk full"},
      {"DATA", "drop", 0, Wire::not_sent, ""},
      {"first", "drop", 0, Wire::maybe, ""},
      {".", "drop", 0, Wire::maybe, ""},
      {".", "451 4.3.0 try again", 451, Wire::answered, "4.3.0 try again"},
      {".", "554 5.7.1 spam", 554, Wire::answered, "5.7.1 spam"},
      {".", "250 2.0.0 queued as 7", 250, Wire::answered, "2.0.0 queued as 7"},
      {"QUIT", "drop", 250, Wire::answered, "2.0.0 queued as 1"},
  }));
  INFO(row.step << " -> " << row.says);
  FakeMailServer server(Steps{{row.step, row.says}});
  const auto net = make_curl_net();
  const HttpReply reply = begin(*net, mail_to(server)).get();
  CHECK(reply.status == row.status);
  CHECK(reply.wire == row.wire);
  CHECK(reply.body == row.text);
  CHECK(reply.error.empty() == (row.status != 0));
}

TEST_CASE("a mail server that hangs costs its time limit, and the reply says what had left") {
  const auto [step, wire] = GENERATE(table<std::string, Wire>({{"hello", Wire::not_sent},
                                                               {"RCPT", Wire::not_sent},
                                                               {"first", Wire::maybe},
                                                               {".", Wire::maybe}}));
  INFO(step);
  FakeMailServer server(Steps{{step, kHang}});
  const auto net = make_curl_net();
  const HttpReply reply = begin(*net, mail_to(server, milliseconds(500))).get();
  CHECK(reply.status == 0);
  CHECK(reply.wire == wire);
}

TEST_CASE("a cancelled mail gets its reply at once") {
  FakeMailServer server(Steps{{".", kHang}});
  const auto net = make_curl_net();
  uint64_t ticket = 0;
  auto reply = begin(*net, mail_to(server), &ticket);
  while (server.heard().size() < 4) std::this_thread::yield();
  net->cancel(ticket);
  CHECK(reply.get().status == 0);
}

TEST_CASE("a mail server that hangs at its goodbye holds up neither other mail nor the end") {
  FakeMailServer hangs(Steps{{"RCPT", "550 5.1.1 nobody"}, {"QUIT", kHang}});
  FakeMailServer works(Steps{});
  const auto net = make_curl_net();
  auto late = begin(*net, mail_to(hangs));
  while (hangs.heard().size() < 3) std::this_thread::yield();
  CHECK(begin(*net, mail_to(works)).get().status == 250);
}

TEST_CASE("a server that is slow to say its last word on one mail takes others meanwhile") {
  std::atomic<int> waiting = 0;
  RawServer server([&](RawPeer& peer) {
    peer.say("220 mx\r\n");
    for (std::string line = peer.hear("\r\n"); !line.empty(); line = peer.hear("\r\n")) {
      if (!line.starts_with("DATA")) {
        peer.say("250 ok\r\n");
        continue;
      }
      peer.say("354 go ahead\r\n");
      peer.hear("\r\n.\r\n");
      for (++waiting; waiting < 3;) std::this_thread::yield();  // until all three are here
      peer.say("250 queued\r\n");
    }
  });
  const auto net = make_curl_net();
  std::vector<std::future<HttpReply>> replies;
  for (int i = 0; i < 3; ++i) {
    MailRequest mail;
    mail.url = server.url("smtp");
    mail.from = mail.to.emplace_back("ada@example.com");
    mail.message = "Subject: hello\r\n\r\nhello\r\n";
    replies.push_back(begin(*net, std::move(mail)));
  }
  for (auto& reply : replies) CHECK(reply.get().status == 250);
}

TEST_CASE("where TLS is required and not offered, nothing is sent and no password told") {
  FakeMailServer server(Steps{{"EHLO", "250-mx.example\r\n250 AUTH PLAIN"}});
  MailRequest mail = mail_to(server);
  mail.require_tls = true;
  mail.user = "shop";
  mail.password = "secret";
  const auto net = make_curl_net();
  const HttpReply reply = begin(*net, std::move(mail)).get();
  CHECK(reply.error == "the server offers no TLS, and it is required");
  CHECK(reply.wire == Wire::not_sent);
  for (const std::string& line : server.heard()) {
    CHECK_FALSE(line.starts_with("AUTH"));
    CHECK_FALSE(line.starts_with("MAIL"));
  }
}

TEST_CASE("an address cannot smuggle commands") {
  FakeMailServer server(Steps{});
  MailRequest mail = mail_to(server);
  mail.to = {GENERATE("ada@example.com>\r\nRCPT TO:<eve@example.com", "ada @example.com", "<ada>")};
  const auto net = make_curl_net();
  const HttpReply reply = begin(*net, std::move(mail)).get();
  CHECK(reply.error == "an address has a space, an angle bracket or a control character");
  CHECK(reply.wire == Wire::not_sent);
  CHECK(server.connections() == 0);
}
