// Operations under way: each completes exactly once, by the plugin, or by the host when its time is
// over. Internal to this room. Threads: any.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "core/run/effect.h"
#include "plugins/performer.h"

namespace relance {

class Instance;

struct Operation {
  uint64_t id = 0;
  Instance* instance = nullptr;
  Key customer, touch;        // touch: or the key of a read
  bool acts = false;          // not_now, failed and cancelled after bytes may have left are unknown
  bool conversation = false;  // close words of a script pass through
  std::string trace;          // traceparent of its requests; empty: none
  Wire wire = Wire::not_sent;
  int leaving = 0;                   // requests that act, under way
  Duration began, limit{INT64_MAX};  // since boot: nobody can set it back
  std::function<void(OperationResult)>
      done;                          // owns what the plugin was given and may look at until now
  std::shared_ptr<const void> held;  // shares it with requests, see hold()
};

class Operations {
 public:
  uint64_t begin(Operation operation);
  // The operation, taken out; nullopt where it is over: a late completion.
  std::optional<Operation> take(uint64_t id);
  void mark(uint64_t id, Wire wire);
  // A request that acts begins, and ends with this. While one is under way its bytes may have left;
  // of several the worst counts: what may have left once is not undone by one that never did.
  void leaving(uint64_t id);
  void left(uint64_t id, Wire wire);
  // Keeps what the plugin was given alive beyond the operation's end; nullptr once it is over.
  std::shared_ptr<const void> hold(uint64_t id);
  std::string trace_of(uint64_t id) const;
  std::optional<uint64_t> of_touch(const Key& touch) const;  // the open send of a touch
  // Customer and touch of an open operation.
  std::optional<std::pair<Key, Key>> about(uint64_t id) const;
  Instance* instance_of(uint64_t id) const;               // nullptr once it is over
  bool any_of(const Instance& instance) const;            // is anything of it under way?
  std::vector<uint64_t> over(Duration since_boot) const;  // whose time is over
  std::optional<Duration> next_limit() const;             // since boot; nullopt: none is open
  struct UnderWay {
    size_t count = 0;
    Duration since{INT64_MAX};  // since boot: when the first of them began
  };
  std::unordered_map<const Instance*, UnderWay> under_way() const;
  size_t open() const { return open_.load(std::memory_order_relaxed); }

 private:
  mutable std::mutex mutex_;
  uint64_t next_ = 1;
  std::atomic<size_t> open_ = 0;
  std::unordered_map<uint64_t, Operation> operations_;
  std::unordered_map<Key, uint64_t, KeyHash> by_touch_;
};

}  // namespace relance
