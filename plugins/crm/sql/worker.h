// The one thread of an instance: a database makes its caller wait, and a plugin must not. Work is
// done in the order in which it came.
//
// Threads: add() from any. Blocks: the destructor, until the work under way has returned; work that
// waits is dropped. The stop flag is set first, so that work under way can hurry.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace sql {

class Worker {
 public:
  Worker(size_t most_waiting, std::atomic<bool>& stop)
      : most_waiting_(most_waiting), stop_(stop), thread_([this] { work(); }) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False: too much waits already.
  bool add(std::function<void()> task) {
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() >= most_waiting_) return false;
      waiting_.push_back(std::move(task));
    }
    changed_.notify_all();
    return true;
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
      if (waiting_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const std::function<void()> task = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    }
  }

  size_t most_waiting_;
  std::atomic<bool>& stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  std::thread thread_;
};

}  // namespace sql
