// Seam 4 of 5: the network. Plugins reach it only through the host, the host only through this. One
// multi loop of libcurl owned by the engine: connection reuse, HTTP/2 where TLS offers it, TLS
// verification on, no redirect followed, limits on time, size, slowness and connections, a circuit
// breaker per host (net/circuit.h). A request that acts is never repeated by itself.
//
// Threads: http(), mail() and cancel() from any; replies come on the net's own threads, one at a
// time, exactly once a request; once the net is destroyed, none comes any more.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "core/run/effect.h"
#include "net/circuit.h"

namespace relance {

struct HttpRequest {
  std::string method, url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::pair<std::string, std::string>
      basic;  // user and password of HTTP basic authentication; empty: none
  std::string body;
  Duration timeout = seconds(30);
  size_t most_bytes = 1u << 20;  // of the reply's body
};

struct MailRequest {
  std::string url;   // "smtp://host:25" (STARTTLS where it is offered), "smtps://host:465"
  std::string from;  // envelope
  std::vector<std::string> to;
  std::string message;         // RFC 5322, CRLF lines
  std::string user, password;  // empty: no authentication
  bool require_tls = false;    // no password and no byte of the message goes over plain text
  Duration timeout = seconds(60);
};

// Of a request or of a mail, whose `status` is the server's last SMTP reply and whose `body` is its
// text. `wire` of a mail: not_sent until the server was given the message, maybe where the
// connection broke from then on, answered where the server's word is final.
struct HttpReply {
  int status = 0;  // 0: no answer
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string error;  // where status is 0
  Wire wire = Wire::not_sent;
};

class Net {
 public:
  virtual ~Net() = default;
  using Reply = std::function<void(HttpReply)>;
  virtual uint64_t http(HttpRequest request, Reply reply) = 0;  // a ticket
  virtual uint64_t mail(MailRequest request, Reply reply) = 0;
  virtual void cancel(uint64_t ticket) = 0;  // the reply comes all the same, with an error
};

struct NetOptions {
  std::string ca_file;  // PEM: trusted beside what the system trusts; empty: only the system's
  int most_connections_per_host = 64;
  // An answer that has begun and, after this grace, comes slower than so many bytes a second ends
  // with an error.
  Duration slow_grace = seconds(5);
  int slowest_bytes = 100;
  CircuitLimits circuit;
};
std::unique_ptr<Net> make_curl_net(const NetOptions& options = {});

// Refuses every request: for virtual clocks, where nothing may leave the machine.
std::unique_ptr<Net> make_no_net();

}  // namespace relance
