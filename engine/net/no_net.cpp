#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "net/net.h"

namespace relance {
namespace {

// Replies come on a thread of its own, begun with the first request: whoever asks may hold locks
// that its reply needs.
class NoNet final : public Net {
 public:
  ~NoNet() override {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  uint64_t http(HttpRequest, Reply reply) override { return refuse(std::move(reply)); }
  uint64_t mail(MailRequest, Reply reply) override { return refuse(std::move(reply)); }
  void cancel(uint64_t) override {}

 private:
  uint64_t refuse(Reply reply) {
    const std::lock_guard lock(mutex_);
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    waiting_.push_back(std::move(reply));
    changed_.notify_all();
    return ++tickets_;
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (!over_) {
      if (waiting_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const Reply reply = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      HttpReply none;
      none.error = "nothing leaves the machine here";
      reply(std::move(none));
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Reply> waiting_;
  uint64_t tickets_ = 0;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Net> make_no_net() { return std::make_unique<NoNet>(); }

}  // namespace relance
