// An HTTP/1.1 server over Boost.Beast: what `relance serve` listens with. Bytes in, bytes out; it
// knows nothing of events or plugins.
//
// It defends itself: header, body and time limits, a bound on connections; whoever is slower than
// the limits is cut off. A request that breaks a limit or the protocol is answered by the server
// (400, 408, 413, 431) and never reaches the handler; a connection too many gets 503 and is closed.
// Requests that a client sends one behind the other are handed over and answered one at a time.
//
// Threads: the handler is called on the server's own threads and must not block; an answer may come
// from any thread, also after the server has ended (then it goes nowhere). close() and the
// destructor from any thread but the server's own. Blocks: close(), for at most its patience.
// Fails: start_http_server() with listen_failed, naming the address and why.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace relance {

struct ServerRequest {
  std::string method;
  std::string target;  // as sent: path, then '?' and the query where there is one
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  bool local = false;  // over a Unix socket: the file's mode has authorised it

  std::string_view path() const;
  std::string_view query() const;  // without '?'
  // Of the first header with this name (in lower case); empty where there is none.
  std::string_view header(std::string_view name) const;
};

struct ServerAnswer {
  int status = 200;  // 0: the connection is closed without an answer
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // beside length and type
};

struct ServerOptions {
  // "127.0.0.1:8080", "[::1]:8080", port 0 for any free one; or "unix:PATH", made with mode 0600.
  std::string listen = "127.0.0.1:8080";
  std::string certificate_file, key_file;  // PEM; empty: no TLS
  size_t most_body_bytes = 1u << 20;
  size_t most_header_bytes = 16u << 10;
  size_t most_connections = 1024;
  size_t most_bytes_waiting = 64u << 20;  // of requests not yet whole, in all; beyond: 503
  Duration header_time = seconds(10);     // to send the header; also how long a connection may idle
  Duration body_time = seconds(30);
  Duration answer_time = seconds(30);  // for the handler; then 503
  int threads = 1;
};

class HttpServer {
 public:
  // Answers the request: exactly once; what comes after a time-out goes nowhere.
  using Respond = std::function<void(ServerAnswer)>;
  using Handler = std::function<void(ServerRequest, Respond)>;

  virtual ~HttpServer() = default;  // closes at once
  // Takes nothing new, lets what was begun be answered for as long as `patience`, then ends.
  virtual void close(Duration patience) = 0;
  // Where it listens: "127.0.0.1:41873"; for a Unix socket as it was given.
  virtual std::string address() const = 0;
};

Result<std::unique_ptr<HttpServer>> start_http_server(ServerOptions options,
                                                      HttpServer::Handler handler);

}  // namespace relance
