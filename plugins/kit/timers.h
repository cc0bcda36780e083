// "Do this later", over the host's numbered timers.
#pragma once

#include <relance/host.h>

#include <functional>
#include <unordered_map>

namespace kit {

class Timers {
 public:
  explicit Timers(const rl_host* host) : host_(host) {}

  // Now, where there is nothing to wait for.
  void after(int64_t wait_ms, std::function<void()> act) {
    if (wait_ms <= 0) return act();
    at(host_->now(host_) + wait_ms, std::move(act));
  }

  void at(int64_t instant, std::function<void()> act) {
    const uint64_t tag = ++last_;
    waiting_.emplace(tag, std::move(act));
    host_->timer(host_, tag, instant);
  }

  void fire(uint64_t tag) {
    const auto it = waiting_.find(tag);
    if (it == waiting_.end()) return;
    const std::function<void()> act = std::move(it->second);
    waiting_.erase(it);
    act();
  }

 private:
  const rl_host* host_;
  uint64_t last_ = 0;
  std::unordered_map<uint64_t, std::function<void()>> waiting_;
};

}  // namespace kit
