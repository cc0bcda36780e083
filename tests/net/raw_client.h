// A client that says what it is told, byte for byte, over TCP, a Unix socket or TLS: what well
// behaved clients never send.
//
// Blocks: every call, until it is done or 20 s are over.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace relance::test {

class RawClient {
 public:
  // As HttpServer::address() says: "127.0.0.1:41873", "unix:PATH".
  explicit RawClient(const std::string& address, bool tls = false);
  ~RawClient();

  // false: the other side has closed.
  bool send(std::string_view bytes);
  // One whole answer, head and body; what there was where the connection ended before.
  std::string read_answer();
  // An answer to a HEAD request.
  std::string read_head();
  bool closed();  // waits until the other side closes; false: it said something
  bool greeted() const { return greeted_; }  // the TLS handshake worked

 private:
  bool read_some();  // false: nothing more comes
  bool read_until_head();

  int socket_ = -1;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_{nullptr, SSL_CTX_free};
  std::unique_ptr<SSL, void (*)(SSL*)> tls_{nullptr, SSL_free};
  bool greeted_ = false;
  std::string read_;
};

inline int status_of(const std::string& answer) {
  return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
}
inline std::string body_of(const std::string& answer) {
  const size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

}  // namespace relance::test
