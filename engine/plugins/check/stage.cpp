#include "plugins/check/stage.h"

#include <algorithm>

#include "base/clock.h"
#include "plugins/c_text.h"

namespace relance::conformance {

namespace {
constexpr int64_t kStartPatienceMs = 10 * 60 * 1000;
}

Stage::Stage(Bench& bench, Weather start_weather)
    : bench_(bench),
      host_(
          bench.scene(),
          [this](rl_op op, uint64_t tag, const rl_reply& reply) {
            const auto on_io = bench_.plugin().descriptor->on_io;
            if (on_io) call("on_io", [&] { on_io(self_, op, tag, &reply); });
          },
          [this](uint64_t tag) {
            const auto on_timer = bench_.plugin().descriptor->on_timer;
            if (on_timer) call("on_timer", [&] { on_timer(self_, tag); });
          }) {
  host_.concurrent = bench.concurrent();
  create();
  if (problem_.empty() && bench.plugin().descriptor->start) start(start_weather);
  if (problem_.empty() && !threw_.empty()) problem_ = threw_ + " threw an exception";
}

Stage::~Stage() {
  if (self_) call("destroy", [&] { bench_.plugin().descriptor->destroy(self_); });
}

void Stage::create() {
  if (!bench_.config_problem().empty()) {
    problem_ = "its configuration is refused: " + bench_.config_problem();
    return;
  }
  Out why;
  call("create", [&] {
    self_ = bench_.plugin().descriptor->create(host_.table(), c_str(bench_.config()), why.c());
  });
  if (!self_) problem_ = "create gave no instance: " + why.text();
}

void Stage::start(Weather weather) {
  host_.weather = weather;
  start_op_ = next_op();
  call("start", [&] { bench_.plugin().descriptor->start(self_, start_op_); });
  host_.run_for(kStartPatienceMs);
  host_.weather = Weather::fine;
  const Seen seen = host_.seen();
  const auto ends = seen.of(start_op_);
  if (ends.empty())
    problem_ = "start did not complete within 10 minutes";
  else if (ends.front()->status != RL_DONE)
    problem_ = "start ended with status " + std::to_string(ends.front()->status) + ": " +
               ends.front()->reason;
}

KitTouch& Stage::touch(const std::string& name, const std::string& other_callback) {
  auto made = std::make_shared<KitTouch>(bench_, name, other_callback);
  kept_.push_back(made);
  host_.about(made->key_text(), made->address(), made->callback_url());
  return *made;
}

KitWrite& Stage::write(const std::string& operation, const std::string& name) {
  auto made = std::make_shared<KitWrite>(bench_, operation, name);
  kept_.push_back(made);
  host_.about(made->key_text(), "", "");
  return *made;
}

int64_t Stage::now_ms() { return SystemClock().since_boot().ms; }

void Stage::end_call(const std::string& what, int64_t began_ms) {
  const int64_t took = now_ms() - began_ms;
  const std::lock_guard lock(mutex_);
  int64_t& longest = longest_ms_[what];
  longest = std::max(longest, took);
}

void Stage::threw(const std::string& what) {
  const std::lock_guard lock(mutex_);
  if (threw_.empty()) threw_ = what;
}

}  // namespace relance::conformance
