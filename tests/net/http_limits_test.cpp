// Bad clients: too large, too slow, too many, or no HTTP at all.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>

#include "base/random.h"
#include "net/raw_client.h"
#include "net/serving.h"

using namespace relance;
using namespace relance::test;

void relance::test::leave_stale_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path.c_str());
  const int left = socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(bind(left, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(listen(left, 1) == 0);
  close(left);
}

namespace {

// Counts what reaches the handler: what breaks a rule never does.
struct Counting : Serving {
  explicit Counting(ServerOptions options = {})
      : Serving(
            [this](ServerRequest request, const HttpServer::Respond& respond) {
              ++handled;
              echo(std::move(request), respond);
            },
            std::move(options)) {}
  ~Counting() { server.reset(); }
  std::atomic<int> handled = 0;
};

std::string refusal_of(Counting& serving, std::string_view bytes) {
  RawClient client(serving.address());
  client.send(bytes);
  std::string answer = client.read_answer();
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  CHECK(client.closed());
  return answer;
}

}  // namespace

TEST_CASE("a header that is too large is refused with 431", "[bad_input]") {
  Counting serving;
  const std::string large(20'000, 'x');
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\n";
  std::string many = start;
  for (int i = 0; i < 2000; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  CHECK(status_of(refusal_of(serving, start + "X-Large: " + large + "\r\n\r\n")) == 431);
  CHECK(status_of(refusal_of(serving, "GET /" + large + " HTTP/1.1\r\nHost: x\r\n\r\n")) == 431);
  CHECK(status_of(refusal_of(serving, many + "\r\n")) == 431);
  CHECK(serving.handled == 0);
}

TEST_CASE("many small lines of a header are counted together", "[bad_input]") {
  Counting serving;
  RawClient client(serving.address());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n");
  for (int i = 0; i < 2000; ++i) client.send("X-More: of the same\r\n");
  CHECK(status_of(client.read_answer()) == 431);
  CHECK(serving.handled == 0);
}

TEST_CASE("a body that is too large is refused with 413, read or announced", "[bad_input]") {
  ServerOptions options;
  options.most_body_bytes = 1000;
  Counting serving(options);
  const std::string start = "POST / HTTP/1.1\r\nHost: x\r\n";
  CHECK(status_of(refusal_of(serving, start + "Content-Length: 500000000\r\n\r\n")) == 413);
  CHECK(status_of(refusal_of(serving, start + "Expect: 100-continue\r\n"
                                              "Content-Length: 1001\r\n\r\n")) == 413);
  CHECK(status_of(refusal_of(serving, start + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" +
                                          std::string(1000, 'x') + "\r\n1\r\n")) == 413);
  CHECK(status_of(refusal_of(serving, post("/", std::string(3000, 'x')))) == 413);
  CHECK(serving.handled == 0);
  RawClient client(serving.address());
  client.send(post("/", std::string(1000, 'x')));
  CHECK(status_of(client.read_answer()) == 200);
}

TEST_CASE("what is no HTTP, or can be read in two ways, is refused with 400", "[bad_input]") {
  Counting serving;
  const std::string start = "POST / HTTP/1.1\r\nHost: x\r\n";
  const std::string chunked = start + "Transfer-Encoding: chunked\r\n";
  const char* const wrong = GENERATE_COPY(values<const char*>(
      {"\x16\x03\x01\x02\x05\x01 a TLS hello", "GET / HTTP/9.9\r\n\r\n", "GET /\r\n\r\n",
       "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
       "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
       "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"}));
  INFO(wrong);
  CHECK(status_of(refusal_of(serving, wrong)) == 400);
  CHECK(serving.handled == 0);
}

TEST_CASE("a line of chunks that never ends is refused with 400", "[bad_input]") {
  Counting serving;
  const std::string start = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;";
  CHECK(status_of(refusal_of(serving, start + std::string(40'000, 'x'))) == 400);
  CHECK(serving.handled == 0);
}

TEST_CASE("random bytes never reach the handler and never harm the server", "[bad_input]") {
  Counting serving;
  const uint64_t seed = SystemRandom().next();
  INFO("seed " << seed);
  SeededRandom random(seed);
  for (int i = 0; i < 200; ++i) {
    std::string bytes = "\x80";  // no method begins with it
    for (uint64_t left = random.next() % 500; left > 0; --left)
      bytes += static_cast<char>(random.next());
    CHECK(status_of(refusal_of(serving, bytes)) == 400);
  }
  CHECK(serving.handled == 0);
  RawClient client(serving.address());
  client.send(post("/", "still there"));
  CHECK(body_of(client.read_answer()) == "still there");
}

TEST_CASE("who sends a header or a body too slowly is cut off with 408", "[bad_input]") {
  ServerOptions options;
  options.header_time = options.body_time = milliseconds(100);
  Counting serving(options);
  const std::string start = GENERATE("GET / HTTP/1.1\r\nX-Slow: ",
                                     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n");
  RawClient client(serving.address());
  client.send(start);
  // A byte now and then does not buy more time.
  CHECK(Serving::until([&] { return !client.send("x"); }));
  CHECK(status_of(client.read_answer()) == 408);
  CHECK(serving.handled == 0);
}

TEST_CASE("a connection that says nothing is closed without a word", "[bad_input]") {
  ServerOptions options;
  options.header_time = milliseconds(50);
  Counting serving(options);
  RawClient silent(serving.address()), quiet(serving.address());
  quiet.send(post("/", "one"));
  CHECK(body_of(quiet.read_answer()) == "one");
  CHECK(silent.closed());
  CHECK(quiet.closed());
}

TEST_CASE("who does not read his answer is cut off", "[bad_input]") {
  ServerOptions options;
  options.body_time = milliseconds(100);
  Serving serving(
      [](const ServerRequest&, const HttpServer::Respond& respond) {
        respond(text_answer(std::string(64u << 20, 'x')));
      },
      options);
  RawClient client(serving.address());
  client.send(post("/", "give"));
  CHECK(Serving::until([&] { return !client.send("x"); }));
}

TEST_CASE("a connection too many is told so, and makes no other one wait", "[bad_input]") {
  ServerOptions options;
  options.most_connections = 2;
  Counting serving(options);
  RawClient first(serving.address());
  auto second = std::make_unique<RawClient>(serving.address());
  RawClient third(serving.address());
  CHECK(status_of(third.read_answer()) == 503);
  CHECK(third.closed());
  first.send(post("/", "one"));
  CHECK(body_of(first.read_answer()) == "one");
  second.reset();
  CHECK(Serving::until([&] {
    RawClient next(serving.address());
    next.send(post("/", "room again"));
    return body_of(next.read_answer()) == "room again";
  }));
}

TEST_CASE("all bodies together have a bound, and who is beyond it is told to wait", "[bad_input]") {
  ServerOptions options;
  options.most_bytes_waiting = 400'000;
  Counting serving(options);
  const std::string whole = post("/", std::string(300'000, 'x'));
  RawClient slow(serving.address());
  slow.send(whole.substr(0, 200'000));
  const auto status_of_another = [&] {
    RawClient another(serving.address());
    another.send(whole);
    return status_of(another.read_answer());
  };
  // As soon as the slow one's bytes are read, there is no room for another.
  CHECK(Serving::until([&] { return status_of_another() == 503; }));
  slow.send(whole.substr(200'000));
  CHECK(status_of(slow.read_answer()) == 200);
  CHECK(status_of_another() == 200);
}
