// The child's end of the socket: frames out from any thread, frames in on one; what it asks the
// engine waits for the answer. The process ends when the engine is gone or talks junk.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "plugins/isolation/frames.h"

namespace relance::isolation {

class Wire {
 public:
  explicit Wire(int socket) : socket_(socket) {}

  // Threads: any. Blocks while the engine does not read.
  void say(Service service, uint64_t number, std::string_view body);
  // Says it and waits for the answer. Threads: any but the one of read().
  std::string ask(Service service, std::string_view body);
  // The next call. Threads: the one that works.
  Frame next();
  // Takes frames in, for ever. Threads: one of its own.
  void read();

 private:
  const int socket_;
  std::mutex writing_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Frame> calls_;
  std::map<uint64_t, std::string> answers_;
  uint64_t asked_ = 0;
};

}  // namespace relance::isolation
