// What the HTTP server takes, in which order, and what it answers.
#include "net/http_server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>

#include "net/raw_client.h"
#include "net/serving.h"

using namespace relance;
using namespace relance::test;

TEST_CASE("a request is handed over as it was sent, and its answer comes back") {
  ServerRequest got;
  Serving serving([&](ServerRequest request, const HttpServer::Respond& respond) {
    got = std::move(request);
    ServerAnswer answer;
    answer.status = 202;
    answer.content_type = "text/plain";
    answer.headers.emplace_back("X-Seen", "yes");
    answer.body = "taken";
    respond(std::move(answer));
  });
  RawClient client(serving.address());
  client.send(post("/v1/hooks/sms?a=1&b=2", "{\"n\": 1}", "X-Signature: s1\r\nX-EMPTY:\r\n"));
  const std::string answer = client.read_answer();
  REQUIRE(answer.starts_with("HTTP/1.1 202 Accepted\r\n"));
  REQUIRE(answer.find("Content-Type: text/plain\r\n") != std::string::npos);
  REQUIRE(answer.find("X-Seen: yes\r\n") != std::string::npos);
  REQUIRE(answer.find("Date: ") != std::string::npos);
  REQUIRE(body_of(answer) == "taken");
  REQUIRE(got.method == "POST");
  REQUIRE(got.target == "/v1/hooks/sms?a=1&b=2");
  REQUIRE(got.path() == "/v1/hooks/sms");
  REQUIRE(got.query() == "a=1&b=2");
  REQUIRE(got.header("x-signature") == "s1");
  REQUIRE(got.header("x-empty").empty());
  REQUIRE(got.header("x-missing").empty());
  REQUIRE(got.body == "{\"n\": 1}");
  REQUIRE_FALSE(got.local);
}

TEST_CASE("a connection serves one request after the other until the client wants no more") {
  Serving serving(echo);
  RawClient client(serving.address());
  for (int i = 0; i < 100; ++i) {
    const std::string body = std::to_string(i);
    REQUIRE(client.send(post("/", body)));
    REQUIRE(body_of(client.read_answer()) == body);
  }
  client.send(post("/", "last", "Connection: close\r\n"));
  REQUIRE(client.read_answer().find("Connection: close\r\n") != std::string::npos);
  REQUIRE(client.closed());
}

TEST_CASE("a client of HTTP/1.0 gets its answer, and the end of the connection") {
  Serving serving(echo);
  RawClient client(serving.address());
  client.send("POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi");
  REQUIRE(body_of(client.read_answer()) == "hi");
  REQUIRE(client.closed());
}

TEST_CASE("requests sent at once are answered in their order, one at a time") {
  std::mutex mutex;
  std::deque<std::pair<std::string, HttpServer::Respond>> waiting;
  Serving serving([&](const ServerRequest& request, HttpServer::Respond respond) {
    const std::lock_guard lock(mutex);
    waiting.emplace_back(request.body, std::move(respond));
  });
  RawClient client(serving.address());
  client.send(post("/", "one") + "\r\n" + post("/", "two") + post("/", "three"));
  for (const char* body : {"one", "two", "three"}) {
    REQUIRE(serving.until([&] {
      const std::lock_guard lock(mutex);
      return waiting.size() == 1;  // never a second beside the first
    }));
    const std::lock_guard lock(mutex);
    REQUIRE(waiting.front().first == body);
    waiting.front().second(text_answer(waiting.front().first));
    waiting.pop_front();
    REQUIRE(body_of(client.read_answer()) == body);
  }
}

TEST_CASE("a body may come in chunks, however they are cut") {
  Serving serving(echo);
  const std::string whole =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4\r\nWiki\r\n6;name=value\r\npedia \r\n0\r\nX-Trailer: late\r\n\r\n";
  RawClient client(serving.address());
  SECTION("at once") { client.send(whole); }
  SECTION("byte by byte") {
    for (const char c : whole) REQUIRE(client.send(std::string_view(&c, 1)));
  }
  REQUIRE(body_of(client.read_answer()) == "Wikipedia ");
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
  client.send("\r");
  client.send("\n");
  REQUIRE(body_of(client.read_answer()).empty());
  client.send(post("/", "next"));
  REQUIRE(body_of(client.read_answer()) == "next");
}

TEST_CASE("a client that waits for leave to send its body gets it") {
  Serving serving(echo);
  RawClient client(serving.address());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  REQUIRE(client.read_answer() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  REQUIRE(body_of(client.read_answer()) == "hi");
}

TEST_CASE("answers without a body leave the connection in step") {
  Serving serving([](const ServerRequest& request, const HttpServer::Respond& respond) {
    ServerAnswer answer = text_answer("four");
    if (request.path() == "/none") answer.status = 204;
    respond(std::move(answer));
  });
  RawClient client(serving.address());
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(client.read_head().find("Content-Length: 4\r\n") != std::string::npos);
  client.send("GET /none HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string none = client.read_answer();
  REQUIRE(status_of(none) == 204);
  REQUIRE(none.find("Content-Length") == std::string::npos);
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(body_of(client.read_answer()) == "four");
}

TEST_CASE("a header of an answer cannot begin another one") {
  Serving serving([](const ServerRequest&, const HttpServer::Respond& respond) {
    ServerAnswer answer = text_answer("ok");
    answer.status = 7;
    answer.headers = {{"X-Good", "1"},
                      {"X-Bad", "1\r\nSet-Cookie: a=b"},
                      {"X-Bad\r\nX-Worse", "1"},
                      {"Content-Length", "1"},
                      {"", "1"}};
    respond(std::move(answer));
  });
  RawClient client(serving.address());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = client.read_answer();
  REQUIRE(status_of(answer) == 500);  // 7 is no status
  REQUIRE(answer.find("X-Good: 1\r\n") != std::string::npos);
  REQUIRE(answer.find("X-Bad") == std::string::npos);
  REQUIRE(answer.find("Cookie") == std::string::npos);
  REQUIRE(answer.find("Content-Length: 1\r\n") == std::string::npos);
  REQUIRE(body_of(answer) == "ok");
}

TEST_CASE("an answer may come from any thread, to any number of connections") {
  std::mutex mutex;
  std::vector<std::pair<std::string, HttpServer::Respond>> waiting;
  ServerOptions options;
  options.threads = 2;
  Serving serving(
      [&](ServerRequest request, HttpServer::Respond respond) {
        const std::lock_guard lock(mutex);
        waiting.emplace_back(std::move(request.body), std::move(respond));
      },
      options);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(serving.address()));
    clients.back()->send(post("/", std::to_string(i)));
  }
  REQUIRE(serving.until([&] {
    const std::lock_guard lock(mutex);
    return waiting.size() == clients.size();
  }));
  std::thread other([&] {
    for (auto& [body, respond] : waiting) {
      respond(text_answer(body));
      respond(text_answer("twice"));  // goes nowhere
    }
  });
  other.join();
  for (size_t i = 0; i < clients.size(); ++i)
    REQUIRE(body_of(clients[i]->read_answer()) == std::to_string(i));
}

TEST_CASE("an answer of status 0 closes the connection without a word") {
  Serving serving([](const ServerRequest&, const HttpServer::Respond& respond) {
    ServerAnswer none;
    none.status = 0;
    respond(std::move(none));
  });
  RawClient client(serving.address());
  client.send(post("/", "hello"));
  REQUIRE(client.closed());
}

TEST_CASE("an answer that comes too late goes nowhere") {
  std::mutex mutex;
  std::deque<HttpServer::Respond> waiting;
  ServerOptions options;
  options.answer_time = milliseconds(50);
  auto serving = std::make_unique<Serving>(
      [&](const ServerRequest& request, HttpServer::Respond respond) {
        if (request.body == "quick") return respond(text_answer("quick"));
        const std::lock_guard lock(mutex);
        waiting.push_back(std::move(respond));
      },
      options);
  RawClient client(serving->address());
  client.send(post("/", "slow"));
  const std::string answer = client.read_answer();
  REQUIRE(status_of(answer) == 503);
  REQUIRE(answer.find("Retry-After: ") != std::string::npos);
  waiting.front()(text_answer("slow"));
  client.send(post("/", "quick"));
  REQUIRE(body_of(client.read_answer()) == "quick");
  SECTION("also when the server is no more") {
    serving.reset();
    waiting.front()(text_answer("slow"));
    REQUIRE(client.closed());
  }
}

TEST_CASE("closing lets what was begun be answered, and takes nothing new") {
  std::promise<HttpServer::Respond> taken;
  Serving serving([&](const ServerRequest&, HttpServer::Respond respond) {
    taken.set_value(std::move(respond));
  });
  RawClient busy(serving.address()), idle(serving.address());
  busy.send(post("/", "work"));
  const HttpServer::Respond respond = taken.get_future().get();
  std::thread closing([&] { serving.server->close(seconds(20)); });
  REQUIRE(idle.closed());
  respond(text_answer("done"));
  const std::string answer = busy.read_answer();
  REQUIRE(body_of(answer) == "done");
  REQUIRE(answer.find("Connection: close\r\n") != std::string::npos);
  REQUIRE(busy.closed());
  closing.join();
}

TEST_CASE("closing waits no longer than its patience") {
  Serving serving([](const ServerRequest&, const HttpServer::Respond&) {});
  RawClient client(serving.address());
  client.send(post("/", "never answered"));
  client.send("POST");
  serving.server->close(milliseconds(20));
  REQUIRE(client.closed());
  serving.server->close(seconds(20));  // there is nothing left to wait for
}

TEST_CASE("a Unix socket is its owner's alone, replaces a stale one and is gone at the end") {
  const std::string path = std::filesystem::temp_directory_path() /
                           ("relance_http_" + std::to_string(getpid()) + ".sock");
  ServerOptions options;
  options.listen = "unix:" + path;
  {
    std::promise<bool> local;
    Serving serving(
        [&](const ServerRequest& request, const HttpServer::Respond& respond) {
          local.set_value(request.local);
          respond(text_answer("hello"));
        },
        options);
    struct stat file {};
    REQUIRE(stat(path.c_str(), &file) == 0);
    REQUIRE((file.st_mode & 0777) == 0600);
    REQUIRE(serving.address() == options.listen);
    RawClient client(serving.address());
    client.send(post("/", "x"));
    REQUIRE(body_of(client.read_answer()) == "hello");
    REQUIRE(local.get_future().get());
    const auto second = start_http_server(options, echo);
    REQUIRE_FALSE(second.ok());
    REQUIRE(second.error().code == Code::listen_failed);
    REQUIRE(second.error().message.find("another process listens") != std::string::npos);
  }
  REQUIRE_FALSE(std::filesystem::exists(path));
  leave_stale_socket(path);
  REQUIRE(std::filesystem::exists(path));
  { REQUIRE(start_http_server(options, echo).ok()); }
  std::ofstream(path) << "precious";
  REQUIRE_FALSE(start_http_server(options, echo).ok());
  REQUIRE(std::filesystem::file_size(path) == 8);
  std::filesystem::remove(path);
}

TEST_CASE("where it cannot listen the server says where and why") {
  Serving serving(echo);
  const std::string taken = serving.address();
  const auto [listen, why] = GENERATE_COPY(
      table<std::string, std::string>({{taken, "in use"},
                                       {"localhost:80", "localhost:80"},
                                       {"127.0.0.1", "port is missing"},
                                       {"127.0.0.1:99999", "is no port"},
                                       {"127.0.0.1:80x", "is no port"},
                                       {"unix:", "path is missing"},
                                       {"unix:/tmp/" + std::string(200, 'x'), "107 bytes"},
                                       {"unix:/nowhere/at/all.sock", "No such file"}}));
  ServerOptions options;
  options.listen = listen;
  const auto refused = start_http_server(options, echo);
  REQUIRE_FALSE(refused.ok());
  REQUIRE(refused.error().code == Code::listen_failed);
  INFO(refused.error().message);
  REQUIRE(refused.error().message.find(listen) != std::string::npos);
  REQUIRE(refused.error().message.find(why) != std::string::npos);
}
