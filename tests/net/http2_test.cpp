// HTTP/2 over TLS with a server that speaks it: Node's own. One connection for many requests, the
// certificate checked, and what acts is never sent twice.
#include <poll.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "net/ask.h"
#include "scenarios/child_process.h"
#include "support/certificate.h"

using namespace relance;

namespace {

class Http2Server {
 public:
  explicit Http2Server(const std::string& subject = "IP:127.0.0.1", int hours = 1)
      : certificate(subject, hours),
        port_file_(certificate.file() + ".port"),
        node_({"/usr/bin/env", "node", RELANCE_SOURCE_DIR "/tests/net/http2_server.mjs",
               certificate.file(), certificate.key_file(), port_file_},
              {certificate.file() + ".log", {}, false}) {
    for (int i = 0; i < 2000 && port_.empty(); ++i) {
      std::ifstream(port_file_) >> port_;
      if (port_.empty()) ::poll(nullptr, 0, 10);  // another program tells nobody
    }
    REQUIRE_FALSE(port_.empty());
  }
  std::string url(const std::string& path) const { return "https://127.0.0.1:" + port_ + path; }

  const Certificate certificate;

 private:
  std::string port_file_, port_;
  test::ChildProcess node_;
};

std::unique_ptr<Net> trusting(const Http2Server& server) {
  NetOptions options;
  options.ca_file = server.certificate.file();
  return make_curl_net(options);
}

std::string header(const HttpReply& reply, const std::string& name) {
  for (const auto& [key, value] : reply.headers)
    if (key == name) return value;
  return {};
}

bool says(const HttpReply& reply, const std::string& text) {
  return reply.body.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("requests over HTTP/2 share one connection, also at the same time") {
  const Http2Server server;
  const auto net = trusting(server);
  const HttpReply first = begin(*net, post_to(server.url("/"))).get();
  INFO(first.error);
  REQUIRE(first.status == 200);
  CHECK(says(first, R"("protocol":"h2")"));
  std::vector<std::future<HttpReply>> replies;
  for (int i = 0; i < 4; ++i) replies.push_back(begin(*net, post_to(server.url("/together"))));
  for (auto& one : replies) {
    const HttpReply reply = one.get();
    CHECK(reply.status == 200);
    CHECK(header(reply, "x-connection") == "1");
  }
  const HttpReply count = begin(*net, post_to(server.url("/count"))).get();
  CHECK(says(count, R"("most":4)"));  // four streams of one connection were open at once
  CHECK(says(count, R"("asked":5)"));
}

TEST_CASE("over HTTP/2 a certificate that nobody vouches for gets nothing of a request") {
  const Http2Server server;
  const auto net = make_curl_net();
  const HttpReply reply = begin(*net, post_to(server.url("/"))).get();
  CHECK(reply.status == 0);
  CHECK(reply.wire == Wire::not_sent);
  CHECK(reply.error.find("certificate") != std::string::npos);
  const auto trusts = trusting(server);
  CHECK(says(begin(*trusts, post_to(server.url("/count"))).get(), R"("asked":0)"));
}

TEST_CASE("a certificate for another name gets nothing of a request", "[F7]") {
  const Http2Server server("DNS:another.example");
  const auto net = trusting(server);  // vouched for, and of somebody else
  const HttpReply reply = begin(*net, post_to(server.url("/"))).get();
  CHECK(reply.status == 0);
  CHECK(reply.wire == Wire::not_sent);
  CHECK(reply.error.find("127.0.0.1") != std::string::npos);
}

TEST_CASE("a certificate that has expired gets nothing of a request", "[F7]") {
  const Http2Server server("IP:127.0.0.1", -1);
  const auto net = trusting(server);
  const HttpReply reply = begin(*net, post_to(server.url("/"))).get();
  CHECK(reply.status == 0);
  CHECK(reply.wire == Wire::not_sent);
  CHECK(reply.error.find("expired") != std::string::npos);
}

TEST_CASE("over HTTP/2 a request that acts is not sent again where its connection breaks off") {
  const Http2Server server;
  const auto net = trusting(server);
  REQUIRE(begin(*net, post_to(server.url("/"))).get().status == 200);  // the connection is kept
  const char* path = GENERATE("/acts-and-goes", "/resets");
  const HttpReply reply = begin(*net, post_to(server.url(path))).get();
  CHECK(reply.status == 0);
  CHECK(reply.wire == Wire::maybe);
  CHECK(says(begin(*net, post_to(server.url("/count"))).get(), R"("asked":2)"));
}

TEST_CASE("over HTTP/2 a body without end ends early", "[F7]") {
  const Http2Server server;
  const auto net = trusting(server);
  const HttpReply reply = begin(*net, post_to(server.url("/streams"))).get();
  CHECK(reply.status == 0);
  CHECK(reply.error == "the answer is longer than 1048576 bytes");
  CHECK(begin(*net, post_to(server.url("/"))).get().status == 200);
}
