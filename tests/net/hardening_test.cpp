// What a provider may do to a request, and what it costs us at most.
#include <atomic>
#include <condition_variable>

#include "net/ask.h"
#include "net/raw_server.h"

using namespace relance;

namespace {

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

// The header of a request and the body that post_to() gives it.
bool hear_request(RawPeer& peer) { return peer.hear("amount=1").ends_with("amount=1"); }

void answer_all(RawPeer& peer) {
  while (hear_request(peer) && peer.say(kOk)) {
  }
}

// Endlessly, until the peer goes.
void stream(RawPeer& peer, const std::string& head) {
  hear_request(peer);
  const std::string block(1u << 16, 'x');
  if (!peer.say(head)) return;
  while (peer.say(block)) {
  }
}

}  // namespace

TEST_CASE("connections are used again") {
  RawServer server(answer_all);
  const auto net = make_curl_net();
  for (int i = 0; i < 5; ++i) REQUIRE(begin(*net, post_to(server.url("http"))).get().status == 200);
  CHECK(server.connections() == 1);
}

TEST_CASE("a request that acts is not sent again where a kept connection breaks off") {
  std::atomic<int> requests = 0;
  RawServer server([&](RawPeer& peer) {
    for (int i = 0; i < 2 && hear_request(peer); ++i)
      if (++requests == 1) peer.say(kOk);  // the second is acted on, and never answered
  });
  const auto net = make_curl_net();
  REQUIRE(begin(*net, post_to(server.url("http"))).get().status == 200);
  const HttpReply reply = begin(*net, post_to(server.url("http"))).get();
  CHECK(reply.status == 0);
  CHECK(reply.wire == Wire::maybe);
  CHECK(requests == 2);
}

TEST_CASE("a request without a body takes a connection of its own") {
  std::atomic<int> requests = 0;
  RawServer server([&](RawPeer& peer) {
    while (peer.hear("\r\n\r\n").ends_with("\r\n\r\n")) {
      ++requests;
      peer.say(kOk);
    }
  });
  const auto net = make_curl_net();
  for (int i = 0; i < 3; ++i)
    REQUIRE(begin(*net, post_to(server.url("http"), "")).get().status == 200);
  CHECK(server.connections() == 3);
  CHECK(requests == 3);
}

TEST_CASE("a redirect is an answer, and nobody follows it") {
  RawServer other(answer_all);
  RawServer server([&](RawPeer& peer) {
    hear_request(peer);
    peer.say("HTTP/1.1 307 Elsewhere\r\nLocation: " + other.url("http") +
             "/\r\nContent-Length: 0\r\n\r\n");
  });
  const auto net = make_curl_net();
  CHECK(begin(*net, post_to(server.url("http"))).get().status == 307);
  CHECK(other.connections() == 0);
}

TEST_CASE("an answer that breaks off anywhere is none, and the request may have acted", "[F7]") {
  const std::string part = GENERATE(
      std::string(), std::string("HTTP/1.1 200 O"), std::string("HTTP/1.1 200 OK\r\nContent-Le"),
      std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"paid\":true}"),
      std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\""),
      std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"),
      std::string("\x16\x03\x01 no HTTP at all\r\n\r\n"));
  const bool reset = GENERATE(false, true);
  INFO(part << (reset ? " and a reset" : ""));
  RawServer server([&](RawPeer& peer) {
    hear_request(peer);
    peer.say(part);
    if (reset) peer.reset();
  });
  const auto net = make_curl_net();
  const HttpReply reply = begin(*net, post_to(server.url("http"))).get();
  CHECK(reply.status == 0);
  CHECK_FALSE(reply.error.empty());
  CHECK(reply.body.empty());
  CHECK(reply.wire == Wire::maybe);
  CHECK(server.connections() == 1);
}

TEST_CASE("a body of 500 MB ends early, announced or not", "[F7]") {
  const std::string head = GENERATE(std::string("HTTP/1.1 200 OK\r\n\r\n"),
                                    std::string("HTTP/1.1 200 OK\r\nContent-Length: 524288000\r\n"
                                                "\r\n"));
  RawServer server([&](RawPeer& peer) { stream(peer, head); });
  const auto net = make_curl_net();
  const HttpReply reply = begin(*net, post_to(server.url("http"))).get();
  CHECK(reply.status == 0);
  CHECK(reply.error == "the answer is longer than 1048576 bytes");
  CHECK(reply.body.empty());
  CHECK(reply.wire == Wire::maybe);
}

TEST_CASE("a header without end ends early") {
  RawServer server([](RawPeer& peer) {
    hear_request(peer);
    if (!peer.say("HTTP/1.1 200 OK\r\n")) return;
    while (peer.say("X-More: " + std::string(1000, 'x') + "\r\n")) {
    }
  });
  const auto net = make_curl_net();
  const HttpReply reply = begin(*net, post_to(server.url("http"))).get();
  CHECK(reply.status == 0);
  CHECK(reply.wire == Wire::maybe);
}

TEST_CASE("an answer that trickles ends early, in its header too", "[F7]") {
  const std::string head = GENERATE(std::string("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
                                    std::string("HTTP/1.1 2"));
  std::mutex mutex;
  std::condition_variable never;
  RawServer server([&](RawPeer& peer) {
    hear_request(peer);
    bool there = peer.say(head);
    while (there) {
      std::unique_lock lock(mutex);
      never.wait_for(lock, std::chrono::milliseconds(20));
      there = peer.say("x");
    }
  });
  NetOptions options;
  options.slow_grace = milliseconds(200);
  options.slowest_bytes = 1000;
  const auto net = make_curl_net(options);
  const HttpReply reply = begin(*net, post_to(server.url("http"))).get();
  CHECK(reply.error == "the answer came slower than 1000 bytes a second");
  CHECK(reply.wire == Wire::maybe);
}

TEST_CASE("a host gets no more connections at once than its limit") {
  std::mutex mutex;
  std::condition_variable came;
  int there = 0, most = 0;
  RawServer server([&](RawPeer& peer) {
    while (hear_request(peer)) {
      std::unique_lock lock(mutex);
      most = std::max(most, ++there);
      came.notify_all();
      came.wait_for(lock, std::chrono::milliseconds(100), [&] { return there > 2; });
      --there;
      lock.unlock();
      peer.say(kOk);
    }
  });
  NetOptions options;
  options.most_connections_per_host = 2;
  const auto net = make_curl_net(options);
  std::vector<std::future<HttpReply>> replies;
  for (int i = 0; i < 6; ++i) replies.push_back(begin(*net, post_to(server.url("http"))));
  for (auto& reply : replies) CHECK(reply.get().status == 200);
  CHECK(most == 2);
  CHECK(server.connections() == 2);
}

TEST_CASE("a host that takes no connection fails at once after a few, the others go on") {
  RawServer server(answer_all);
  NetOptions options;
  options.circuit = {3, minutes(1), minutes(1)};
  const auto net = make_curl_net(options);
  for (int i = 0; i < 3; ++i)
    CHECK(begin(*net, post_to("http://127.0.0.1:1/")).get().error.find("took no connection") ==
          std::string::npos);
  const HttpReply reply = begin(*net, post_to("http://127.0.0.1:1/")).get();
  CHECK(reply.error.find("http://127.0.0.1:1 took no connection") == 0);
  CHECK(reply.wire == Wire::not_sent);
  CHECK(begin(*net, post_to(server.url("http"))).get().status == 200);
}

TEST_CASE("a cancelled request gets its reply, which says that it may have left") {
  std::promise<void> heard;
  RawServer server([&](RawPeer& peer) {
    hear_request(peer);
    heard.set_value();
    peer.hang();
  });
  const auto net = make_curl_net();
  uint64_t ticket = 0;
  auto reply = begin(*net, post_to(server.url("http")), &ticket);
  heard.get_future().wait();
  net->cancel(ticket);
  const HttpReply answer = reply.get();
  CHECK(answer.status == 0);
  CHECK(answer.wire == Wire::maybe);
}

TEST_CASE("a server that answers without TLS gets nothing of a request over it") {
  RawServer server([](RawPeer& peer) {
    peer.say(kOk);
    peer.hang();
  });
  const auto net = make_curl_net();
  const HttpReply reply = begin(*net, post_to(server.url("https"))).get();
  CHECK(reply.status == 0);
  CHECK(reply.wire == Wire::not_sent);
}

TEST_CASE("the net that sends nothing replies from a thread of its own") {
  const auto net = make_no_net();
  std::mutex held;
  std::promise<Wire> told;
  {
    const std::lock_guard lock(held);
    net->mail({}, [&](const HttpReply& reply) {
      const std::lock_guard needs(held);
      told.set_value(reply.wire);
    });
  }
  CHECK(told.get_future().get() == Wire::not_sent);
}
