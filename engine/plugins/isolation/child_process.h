// One run of relance-plugin-host: its process and the engine's end of the socket. Internal to the
// plugin room.
//
// Owns: the process, which is killed and reaped when this goes, and the socket. Nothing here waits
// for the child: what it does not take at once stays in a queue.
// Threads: send() from any; the others from the one thread that supervises it.
#pragma once

#include <sys/types.h>

#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "plugins/isolation/frames.h"

namespace relance::isolation {

class ChildProcess {
 public:
  struct Limits {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    uint64_t memory_bytes = 0;  // a sanitizer's shadow takes terabytes of addresses
#else
    uint64_t memory_bytes = uint64_t{1} << 30;  // of address space; 0: no limit
#endif
    int files = 64;
  };

  // `plugin`: a descriptor of the plugin's file. Fails with plugin_open.
  static Result<std::unique_ptr<ChildProcess>> begin(int plugin, const Limits& limits);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // False: too much waits to be taken, and this was not added.
  bool send(Call call, uint64_t number, std::string_view body);

  enum class Seen { frame, nothing, gone, junk };
  // The next frame; waits for one up to `timeout_ms`, or until wake(). Meanwhile what waits is
  // sent.
  Seen receive(Frame& frame, int timeout_ms);
  void wake();  // threads: any
  pid_t pid() const { return pid_; }
  // Kills it and waits for its end, which this tells: "signal 11", "exit 2".
  std::string end();

 private:
  ChildProcess() = default;
  void flush();

  pid_t pid_ = -1;
  int socket_ = -1, wake_ = -1;
  FrameReader frames_;
  std::mutex mutex_;
  std::string waiting_;
};

}  // namespace relance::isolation
