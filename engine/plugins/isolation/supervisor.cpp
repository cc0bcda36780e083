#include "plugins/isolation/supervisor.h"

#include <algorithm>

#include "plugins/c_text.h"

namespace relance::isolation {
namespace {

constexpr Duration kPing = milliseconds(500), kHangs = seconds(3);
constexpr Duration kMakeLimit = seconds(10), kAskLimit = seconds(2), kDestroyLimit = seconds(2);
constexpr Duration kFirstWait = milliseconds(100), kPause = minutes(1);
constexpr size_t kEndsThatPause = 5;
constexpr int kLookEvery = 100;  // ms

rl_result result_of(uint32_t status, std::string_view reason) {
  rl_result result{};
  result.struct_size = sizeof result;
  result.status = status;
  result.reason = c_str(reason);
  return result;
}

}  // namespace

Supervisor::Supervisor(int plugin, const rl_host* host, std::string config,
                       std::function<void()> restarted)
    : plugin_(plugin),
      host_(host),
      config_(std::move(config)),
      restarted_(std::move(restarted)),
      thread_([this] { supervise(); }) {}

Supervisor::~Supervisor() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    if (child_) child_->wake();
  }
  changed_.notify_all();
  thread_.join();
}

std::optional<std::string> Supervisor::wait_until_made() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !first_ || state_ == State::refused; });
  return state_ == State::refused ? std::optional(problem_) : std::nullopt;
}

void Supervisor::begin(Call call, rl_op op, std::string_view body) {
  Duration wait{};
  bool paused = false;
  Open open;
  open.request = call == Call::on_request;
  {
    const std::lock_guard lock(mutex_);
    const bool can = state_ == State::up || (state_ == State::making && call == Call::start);
    if (can && child_ && child_->send(call, op, body)) {
      open_[op] = open;
      return;
    }
    wait = std::max(kFirstWait, start_at_ - clock_.since_boot());
    paused = ends_.size() >= kEndsThatPause;
  }
  end_operation(op, open, wait, paused);
}

void Supervisor::tell(Call call, uint64_t number, std::string_view body) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::up && child_) child_->send(call, number, body);
}

void Supervisor::reply(rl_op op, std::string_view body) {
  const std::lock_guard lock(mutex_);
  if (child_ && open_.contains(op)) child_->send(Call::on_io, op, body);
}

void Supervisor::timer(uint64_t tag) {
  const std::lock_guard lock(mutex_);
  const auto found = timers_.extract(tag);  // none: set by a process that has ended
  if (found && child_) child_->send(Call::on_timer, found.mapped(), {});
}

std::optional<std::string> Supervisor::ask(Call call, std::string_view body) {
  std::unique_lock lock(mutex_);
  if (state_ != State::up || !child_) return std::nullopt;
  const uint64_t number = ++numbers_;
  asks_[number] = std::nullopt;
  if (!child_->send(call, number, body)) return asks_.erase(number), std::nullopt;
  const auto over = [&] { return !asks_.contains(number) || asks_[number].has_value(); };
  changed_.wait_for(lock, std::chrono::milliseconds(kAskLimit.ms), over);
  const auto answered = asks_.extract(number);
  return answered ? std::move(answered.mapped()) : std::nullopt;
}

void Supervisor::supervise() {
  for (;;) {
    live();
    std::unique_lock lock(mutex_);
    if (over_ || state_ == State::refused) return;
    while (!over_ && clock_.since_boot() < start_at_)
      changed_.wait_for(lock, std::chrono::milliseconds(kLookEvery));
    if (over_) return;
  }
}

void Supervisor::live() {
  auto begun = ChildProcess::begin(plugin_, {});
  if (!begun) return ended(begun.error().message);
  const std::shared_ptr<ChildProcess> child = std::move(*begun);
  {
    const std::lock_guard lock(mutex_);
    child_ = child;
    state_ = State::making;
    creation_ = ping_ = ++numbers_;
    asked_at_ = clock_.since_boot();
    child->send(Call::create, creation_, config_);
  }
  std::optional<Duration> told;
  for (;;) {
    Frame frame;
    const ChildProcess::Seen seen = child->receive(frame, kLookEvery);
    if (seen == ChildProcess::Seen::frame && !take(frame)) return ended("it sent junk");
    if (seen == ChildProcess::Seen::junk) return ended("it sent junk");
    if (seen == ChildProcess::Seen::gone) return ended("");
    const Duration now = clock_.since_boot();
    if (!keep_in_touch(now)) return ended("it hangs");
    const std::lock_guard lock(mutex_);
    if (state_ == State::refused) return;
    if (!over_) continue;
    if (!told) told = now, child->send(Call::destroy, 0, {});
    if (now - *told > kDestroyLimit) return;
  }
}

bool Supervisor::keep_in_touch(Duration now) {
  const std::lock_guard lock(mutex_);
  const Duration limit = state_ == State::making ? kMakeLimit : kHangs;
  if (ping_ != 0) return now - asked_at_ <= limit;
  if (now - asked_at_ < kPing) return true;
  ping_ = ++numbers_;
  asked_at_ = now;
  child_->send(Call::ping, ping_, {});
  return true;
}

void Supervisor::ended(const std::string& why) {
  std::map<rl_op, Open> open;
  Duration wait = kFirstWait;
  bool paused = false, over = false;
  std::string how = why;
  {
    const std::lock_guard lock(mutex_);
    const std::string end = child_ ? child_->end() : "not running";
    if (how.empty()) how = problem_.empty() ? "it ended: " + end : problem_;
    problem_.clear();
    child_.reset();
    over = over_;
    open.swap(open_);
    asks_.clear();
    timers_.clear();
    ping_ = 0;
    const Duration now = clock_.since_boot();
    ends_.push_back(now);
    while (now - ends_.front() > minutes(1)) ends_.pop_front();
    paused = ends_.size() >= kEndsThatPause;
    wait = paused ? kPause : kFirstWait * (int64_t{1} << (ends_.size() - 1));
    start_at_ = now + wait;
    state_ = first_ ? State::refused : State::down;
    if (first_) problem_ = how;
    changed_.notify_all();
    if (first_ || over) return;
  }
  if (paused)
    say(RL_LOG_ERROR, "paused for a minute: the plugin's process ended " +
                          std::to_string(kEndsThatPause) + " times within one; last: " + how);
  else
    say(RL_LOG_WARNING, "the plugin's process is started again; " + how);
  for (const auto& [op, one] : open) end_operation(op, one, wait, paused);
}

void Supervisor::end_operation(rl_op op, const Open& open, Duration wait, bool paused) {
  if (open.request) {
    rl_answer answer{};
    answer.struct_size = sizeof answer;
    answer.status = 503;
    return host_->answer(host_, op, &answer);
  }
  rl_result result = result_of(open.effect ? RL_UNKNOWN : RL_NOT_NOW, "plugin_process_ended");
  if (!open.effect) {
    result.again_at = host_->now(host_) + wait.ms;
    result.again_scope = paused ? RL_SCOPE_CHANNEL : RL_SCOPE_TOUCH;
  }
  host_->complete(host_, op, &result);
}

void Supervisor::say(uint32_t level, const std::string& line) {
  host_->log(host_, level, c_str(line));
}

}  // namespace relance::isolation
