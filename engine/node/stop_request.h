// SIGTERM and SIGINT; where it is asked for, SIGHUP too, which stops nothing. The first one asks
// the process to stop and starts its deadline; a second one, or the deadline, ends the process at
// once: a crash like any other, of which nothing is lost.
//
// Threads: made before any other thread, so that none of them gets these signals; the rest from
// any. Owns: a thread that waits for them; they are as before once this is gone. Fails: a second
// one, and a deadline that has passed, end the process with exit code kCutShort and a line in the
// log.
#pragma once

#include <csignal>
#include <functional>
#include <mutex>
#include <thread>

#include "base/instant.h"

namespace relance {

class StopRequest {
 public:
  static constexpr int kCutShort = 5;  // exit code

  enum class Hangup : uint8_t { ends_the_process, is_told };
  explicit StopRequest(Duration deadline, Hangup hangup = Hangup::ends_the_process);
  ~StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;

  bool asked() const;
  void ask();  // from within: the deadline does not run
  // A descriptor that is readable once asked: whoever polls for something else waits for it, too.
  int handle() const { return asked_; }
  // `stop` is called once asked, on this object's thread; at once where that has been. Empty: no
  // more.
  void then(std::function<void()> stop);
  // `told` is called at each SIGHUP, on this object's thread. Empty: it is passed over.
  void on_hangup(std::function<void()> told);

 private:
  void watch();
  int next_signal(int wait_ms) const;

  const Duration deadline_;
  sigset_t before_{};
  int signals_ = -1, asked_ = -1, over_ = -1;
  mutable std::mutex mutex_;
  std::function<void()> stop_, hung_up_;
  std::thread thread_;
};

}  // namespace relance
