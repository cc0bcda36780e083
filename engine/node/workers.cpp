#include "node/workers.h"

#ifdef __SANITIZE_THREAD__
// TBB is not built for ThreadSanitizer, which cannot see how a task's own memory passes from one
// thread to another.
extern "C" const char* __tsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "race_top:tbb::detail\n";
}
#endif

namespace relance {

Workers::Workers(int count, std::function<void(size_t)> work)
    : count_(count),
      work_(std::move(work)),
      allowed_(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(count) + 1),
      arena_(count, 0) {}

void Workers::start() {
  for (int i = 0; i < count_; ++i) arena_.enqueue(tasks_.defer([this] { work_on(); }));
}

void Workers::work_on() {
  std::unique_lock lock(mutex_);
  while (true) {
    wanted_.wait(lock, [this] { return !waiting_.empty() || ended_; });
    if (waiting_.empty()) return;
    const size_t shard = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    work_(shard);
    lock.lock();
  }
}

void Workers::add(size_t shard) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(shard);
  }
  wanted_.notify_one();
}

void Workers::stop() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wanted_.notify_all();
  arena_.execute([this] { tasks_.wait(); });
}

}  // namespace relance
