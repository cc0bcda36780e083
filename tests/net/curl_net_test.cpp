#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "net/net.h"

using namespace relance;

namespace {

// Answers one request on loopback with fixed bytes and keeps what it was sent.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : answer_(std::move(answer)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(listen(listener_, 1) == 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~OneAnswer() {
    thread_.join();
    close(listener_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/pay"; }
  std::string asked;

 private:
  void serve() {
    const int peer = accept(listener_, nullptr, nullptr);
    char bytes[4096];
    while (asked.find("amount=1") == std::string::npos) {
      const ssize_t length = read(peer, bytes, sizeof bytes);
      if (length <= 0) break;
      asked.append(bytes, static_cast<size_t>(length));
    }
    if (!answer_.empty()) static_cast<void>(!write(peer, answer_.data(), answer_.size()));
    close(peer);
  }

  std::string answer_;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

HttpReply ask(Net& net, const std::string& url, size_t most_bytes = 1u << 20) {
  HttpRequest request;
  request.method = "POST";
  request.url = url;
  request.headers.emplace_back("Idempotency-Key", "k-1");
  request.basic = {"user", "secret"};
  request.body = "amount=1";
  request.most_bytes = most_bytes;
  std::promise<HttpReply> promise;
  net.http(std::move(request), [&](HttpReply reply) { promise.set_value(std::move(reply)); });
  return promise.get_future().get();
}

}  // namespace

TEST_CASE("a request goes out with its headers and body, and its answer comes back") {
  OneAnswer server("HTTP/1.1 402 Payment Required\r\nContent-Length: 2\r\nX-Why: funds\r\n\r\n{}");
  const auto net = make_curl_net();
  const HttpReply reply = ask(*net, server.url());
  REQUIRE(reply.status == 402);
  REQUIRE(reply.body == "{}");
  REQUIRE(reply.wire == Wire::answered);
  REQUIRE(std::find(reply.headers.begin(), reply.headers.end(),
                    std::pair<std::string, std::string>("x-why", "funds")) != reply.headers.end());
  REQUIRE(server.asked.find("Idempotency-Key: k-1") != std::string::npos);
  REQUIRE(server.asked.find("Authorization: Basic") != std::string::npos);
}

TEST_CASE("an answer that breaks off after the request left may have had its effect") {
  OneAnswer server("");
  const auto net = make_curl_net();
  const HttpReply reply = ask(*net, server.url());
  REQUIRE(reply.status == 0);
  REQUIRE(!reply.error.empty());
  REQUIRE(reply.wire == Wire::maybe);
}

TEST_CASE("an answer beyond its limit of bytes is an error") {
  OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
  const auto net = make_curl_net();
  REQUIRE(ask(*net, server.url(), 4).status == 0);
}

TEST_CASE("where nobody listens nothing has left") {
  const auto net = make_curl_net();
  const HttpReply reply = ask(*net, "http://127.0.0.1:1/pay");
  REQUIRE(reply.status == 0);
  REQUIRE(reply.wire == Wire::not_sent);
}
