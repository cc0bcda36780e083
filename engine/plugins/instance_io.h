// What the network I/O of an instance needs to remember. Internal to this room. Threads: any.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

namespace relance {

class Instance;

// The way back into an instance for what comes later, replies and timers. It outlives the
// instance, whose end closes it.
class Door {
 public:
  explicit Door(Instance* to) : to_(to) {}

  // Runs work(instance), unless the instance is gone.
  template <class Work>
  void enter(Work work) {
    const std::shared_lock lock(mutex_);
    if (to_) work(*to_);
  }
  // Blocks until nobody is inside any more. Nobody may close it from inside.
  void close() {
    const std::unique_lock lock(mutex_);
    to_ = nullptr;
  }

 private:
  std::shared_mutex mutex_;
  Instance* to_;
};

// Requests under way, by operation.
class OpenRequests {
 public:
  // A number for a request that is about to begin; 0: there are too many.
  uint64_t begin(uint64_t operation);
  // It has this ticket of the net. False: it was aborted in the meantime, cancel it.
  bool began(uint64_t operation, uint64_t number, uint64_t ticket);
  void end(uint64_t operation, uint64_t number);
  // The tickets to cancel; those without one yet are told by began().
  std::vector<uint64_t> abort(uint64_t operation);

 private:
  struct Request {
    uint64_t ticket = 0;  // 0: not known yet
    bool aborted = false;
  };
  std::mutex mutex_;
  uint64_t next_ = 1;
  std::map<std::pair<uint64_t, uint64_t>, Request> requests_;
};

}  // namespace relance
