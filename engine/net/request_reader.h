// The bytes of one connection in, its requests out, one after the other; what came too early waits.
// It knows HTTP/1.1 and no socket.
//
// Threads: one. Owns: the bytes that are not read yet, never more than a header and a little.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/http_server.h"

namespace relance {

class RequestReader {
 public:
  enum class State {
    idle,    // no byte of the next request has come
    header,  // some have
    body,    // the header is whole
    done,    // the request is whole: request(), then next()
    wrong,   // it never will be: status(), reason(); nothing can be read after it
  };

  RequestReader(size_t most_header_bytes, size_t most_body_bytes);
  ~RequestReader();

  // Where the next bytes belong; never empty while the state is idle, header or body.
  std::span<char> room();
  // So many were put there.
  State take(size_t bytes);
  // Begins with the next request, of which bytes may have come already.
  State next();
  State state() const;

  ServerRequest request();  // moved out; `local` is not set
  bool keeps_alive() const;
  // The header is read, and the client waits for leave to send the body.
  bool waits_for_continue() const;
  int status() const;         // 400, 413, 431
  size_t bytes_held() const;  // by a request that is not whole yet
  std::string reason() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace relance
