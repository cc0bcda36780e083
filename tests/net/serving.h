// A server under test on a free port of loopback, and what its tests say to it.
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "net/http_server.h"

namespace relance::test {

struct Serving {
  explicit Serving(HttpServer::Handler handler, ServerOptions options = {}) {
    if (options.listen == ServerOptions().listen) options.listen = "127.0.0.1:0";
    auto started = start_http_server(std::move(options), std::move(handler));
    if (!started) FAIL(started.error().text());
    server = std::move(*started);
  }
  std::string address() const { return server->address(); }

  // Polls; false: it did not come true in 20 s.
  static bool until(const std::function<bool()>& holds) {
    std::mutex mutex;
    std::condition_variable never;
    for (int i = 0; i < 10'000; ++i) {
      if (holds()) return true;
      std::unique_lock lock(mutex);
      never.wait_for(lock, std::chrono::milliseconds(2));
    }
    return false;
  }

  std::unique_ptr<HttpServer> server;
};

inline ServerAnswer text_answer(std::string text) {
  ServerAnswer answer;
  answer.body = std::move(text);
  return answer;
}

inline void echo(ServerRequest request, const HttpServer::Respond& respond) {
  respond(text_answer(std::move(request.body)));
}

inline std::string post(const std::string& target, const std::string& body,
                        const std::string& headers = "") {
  return "POST " + target + " HTTP/1.1\r\nHost: x\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// What a killed process leaves: a socket's file that nobody listens on.
void leave_stale_socket(const std::string& path);

}  // namespace relance::test
