// What goes over the socket between the engine and a plugin in a process of its own: frames, each
// with a kind, a number and a body. Internal to the plugin room.
//
// A frame has at most kMostFrameBytes. Neither side trusts the other's bytes: what is no frame, or
// a body that ends too early, is junk, and the connection is over.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace relance::isolation {

// The engine asks. With the number of an operation (op), of a question whose answer is waited for
// (ask), or none.
enum class Call : uint8_t {
  answer = 1,    // to a service that was asked, by its number
  create,        // ask; configuration
  start,         // op
  destroy,       // last call: then the process ends
  on_io,         // op
  on_timer,      // tag
  estimate,      // ask
  send,          // op
  cancel,        // op
  lookup,        // op
  recall,        // op
  on_request,    // op
  perform,       // op
  fields,        // op
  read,          // op
  page,          // op
  write,         // op
  lookup_write,  // op
  decide,        // ask
  produce,       // op
  ping,          // ask: behind everything that was asked before
};

// The plugin's process says. The last ones are asked for by number and wait for Call::answer.
enum class Service : uint8_t {
  answer = 1,  // to an ask, by its number
  complete,
  abort_io,
  effect,
  answer_request,
  log,
  http,
  smtp,
  timer,
  now,
  emit,
  heard,
  hmac,
};

inline constexpr size_t kMostFrameBytes = 32u << 20;

struct Frame {
  uint8_t kind = 0;
  uint64_t number = 0;
  std::string body;
};

std::string frame_bytes(uint8_t kind, uint64_t number, std::string_view body);

// Bytes as they come in, frames as they are whole. Threads: one.
class FrameReader {
 public:
  void add(const char* bytes, size_t count) { bytes_.append(bytes, count); }
  // False: none is whole yet, or all that follows is junk.
  bool next(Frame& frame);
  bool junk() const { return junk_; }

 private:
  std::string bytes_;
  size_t at_ = 0;
  bool junk_ = false;
};

}  // namespace relance::isolation
