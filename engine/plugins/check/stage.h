// One instance of the plugin on the kit's host, from `create` to `destroy`. Every call into it is
// fenced: an exception is caught and remembered, and how long the call took is kept.
//
// Threads: one; an early reply comes from another (KitHost). Owns the arguments of operations until
// it goes.
#pragma once

#include <map>
#include <memory>

#include "plugins/check/bench.h"
#include "plugins/check/kit_host.h"
#include "plugins/check/kit_touch.h"

namespace relance::conformance {

class Stage {
 public:
  // Creates and starts the instance; `start` meets this weather.
  explicit Stage(Bench& bench, Weather start_weather = Weather::fine);
  ~Stage();  // destroys it
  Stage(const Stage&) = delete;

  // Created, and its start DONE. Otherwise the reason.
  bool ready() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }

  Bench& bench() { return bench_; }
  KitHost& host() { return host_; }
  void* self() const { return self_; }
  rl_op start_op() const { return start_op_; }  // 0: it has no start
  rl_op next_op() {
    host_.begun(++last_op_);
    return last_op_;
  }

  KitTouch& touch(const std::string& name, const std::string& other_callback = "");
  KitWrite& write(const std::string& operation, const std::string& name);
  // Keeps anything until the stage goes.
  template <class T>
  T& keep(T value) {
    auto held = std::make_shared<T>(std::move(value));
    kept_.push_back(held);
    return *held;
  }

  // Calls into the plugin.
  template <class Work>
  void call(const std::string& what, Work work) {
    const int64_t began_ms = now_ms();
    try {
      work();
    } catch (...) {
      threw(what);
    }
    end_call(what, began_ms);
  }

  // Which functions threw; empty: none. No call after the first throw is worth judging.
  const std::string& threw() const { return threw_; }
  // The longest call of each function, wall time.
  const std::map<std::string, int64_t>& longest_ms() const { return longest_ms_; }

 private:
  static int64_t now_ms();
  void end_call(const std::string& what, int64_t began_ms);
  void threw(const std::string& what);
  void create();
  void start(Weather weather);

  Bench& bench_;
  KitHost host_;
  void* self_ = nullptr;
  rl_op start_op_ = 0, last_op_ = 0;
  std::string problem_, threw_;
  std::mutex mutex_;
  std::map<std::string, int64_t> longest_ms_;
  std::vector<std::shared_ptr<void>> kept_;
};

}  // namespace relance::conformance
