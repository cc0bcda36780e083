// A provider's calls back to the engine: one after the other, on a thread of their own.
//
// Threads: any. Knobs as in fake_provider.h.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "providers/fake_provider.h"

namespace relance {

class CallbackPost {
 public:
  // `changed` is called on the thread, behind each callback.
  explicit CallbackPost(std::function<void()> changed);
  ~CallbackPost() { end(); }
  void end();  // what is held back or waits is never sent

  void send(const Callback& callback, const std::string& method);
  std::vector<Callback> sent() const;

  void copies(int count);
  void delay(Duration delay);
  void hold();
  void release(bool last_first);

 private:
  struct Waiting {
    Callback callback;
    std::string method;
    Instant at;
  };
  void work();
  bool wait_for_next(std::unique_lock<std::mutex>& lock);

  const std::function<void()> changed_;
  SystemClock clock_;
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  std::deque<Waiting> waiting_;
  std::vector<Callback> sent_;
  int copies_ = 1;
  Duration delay_;
  bool held_ = false, over_ = false;
  std::thread thread_;
};

}  // namespace relance
