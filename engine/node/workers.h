// The threads that work on shards: each is one task of a TBB arena that takes shards from a queue.
//
// The queue is ours because a worker of TBB that finds nothing to do yields a hundred times before
// it sleeps, and each task that is enqueued wakes all of them; here one is woken, and it sleeps at
// once (docs/internals/performance.md has the figures).
// Threads: add() from any; the rest from the one that made it.
#pragma once

#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace relance {

class Workers {
 public:
  // `work(shard)` runs once for each shard that is added, in the order in which they were.
  Workers(int count, std::function<void(size_t)> work);
  ~Workers() noexcept = default;  // a task_group's may throw, but not after stop()

  void start();
  void add(size_t shard);
  // Returns once all that was added is done and every worker has ended.
  void stop();

 private:
  void work_on();

  const int count_;
  const std::function<void(size_t)> work_;
  tbb::global_control allowed_;
  tbb::task_arena arena_;
  tbb::task_group tasks_;
  std::mutex mutex_;  // of what follows
  std::condition_variable wanted_;
  std::deque<size_t> waiting_;
  bool ended_ = false;
};

}  // namespace relance
