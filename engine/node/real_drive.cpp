#include "node/real_drive.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"

namespace relance {
namespace {

constexpr Duration kLongestNap = seconds(10);  // bounds what a clock that is set can cost
constexpr Duration kRetryFull = milliseconds(200);
constexpr Duration kUnderLoad = milliseconds(5), kWhenCalm = seconds(1);
constexpr Duration kSettled = milliseconds(10);  // nothing may happen for so long before "idle"

std::chrono::milliseconds span(Duration of) { return std::chrono::milliseconds(of.ms); }

int worker_count(const NodeOptions& options) {
  if (options.workers > 0) return options.workers;
  // One fewer leaves a core idle while a worker reads customers from the disk.
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

RealDrive::RealDrive(const Clock& clock, const NodeOptions& options, std::function<void()> failed)
    : clock_(clock),
      failed_(std::move(failed)),
      desks_(static_cast<size_t>(options.shards)),
      workers_(worker_count(options), [this](size_t shard) { run_task(desks_[shard]); }),
      busy_shards_(desks_.size()) {
  for (size_t i = 0; i < desks_.size(); ++i) desks_[i].shard = i;
}

RealDrive::~RealDrive() { stop({}).ok(); }

void RealDrive::start(NodeCore& node) {
  node_ = &node;
  for (Desk& desk : desks_) {
    ++desk.asked;
    begin_task(desk);
  }
  at_work_ = true;
  workers_.start();
  threads_.emplace_back([this] { commit_loop(); });
  threads_.emplace_back([this] { timer_loop(); });
  threads_.emplace_back([this] { maintenance_loop(); });
  node.help_the_slowest();
}

// --- shards

void RealDrive::shard_ready(size_t shard) {
  ++activity_;
  Desk& desk = desks_[shard];
  if (over_ || desk.asked.fetch_add(1) > 0) return;
  ++busy_shards_;
  begin_task(desk);
}

void RealDrive::released(ShardBatch batch) {
  Desk& desk = desks_[batch.shard];
  {
    const std::lock_guard lock(desk.mutex);
    desk.durable.push_back(std::move(batch));
  }
  shard_ready(desk.shard);
}

void RealDrive::begin_task(Desk& desk) { workers_.add(desk.shard); }

// What was asked for meanwhile is a task of its own, so that other shards get their turn.
void RealDrive::run_task(Desk& desk) {
  const uint32_t asked = desk.asked;
  work(desk);
  if (desk.asked.fetch_sub(asked) != asked)
    begin_task(desk);
  else if (--busy_shards_ == 0)
    look_again();
  ++tasks_ended_;
}

// Effects of what is durable come first: an outcome and the next intent share a commit.
void RealDrive::work(Desk& desk) {
  if (!failure()) return node_->refuse_mail(desk.shard);
  std::vector<ShardBatch> durable;
  {
    const std::lock_guard lock(desk.mutex);
    durable.swap(desk.durable);
  }
  for (ShardBatch& batch : durable) {
    node_->finish(batch);
    for (Outgoing& effect : batch.outgoing) node_->perform(std::move(effect), *batch.active);
  }
  if (auto drained = node_->drain(desk.shard, false); !drained) fail(drained.error());
  node_->grant_slots();
  wake_timer_by(boot_time_of(node_->next_due(), node_->committer().engine_time()));
}

void RealDrive::fail(const Error& error) {
  {
    const std::lock_guard lock(state_mutex_);
    if (!failure_) return;
    failure_ = error;
  }
  log::error("node", "{}", error.text());
  node_->close_to_sources();
  for (size_t i = 0; i < desks_.size(); ++i) shard_ready(i);  // to refuse what waits
  if (failed_) failed_();
  look_again();
}

Status RealDrive::failure() const {
  const std::lock_guard lock(state_mutex_);
  return failure_;
}

// --- commits

void RealDrive::commit_waits() {
  {
    const std::lock_guard lock(commit_mutex_);
    commit_waits_ = true;
  }
  commit_wanted_.notify_one();
}

void RealDrive::commit_loop() {
  std::unique_lock lock(commit_mutex_);
  while (true) {
    commit_wanted_.wait(lock, [&] { return commit_waits_ || commits_end_; });
    if (!commit_waits_) return;
    commit_waits_ = false;
    lock.unlock();
    while (node_->commit()) {
      ++activity_;
      node_->help_the_slowest();
      { const std::lock_guard noted(maintenance_mutex_); }
      maintenance_wanted_.notify_one();
    }
    if (auto healthy = node_->health(); !healthy) fail(healthy.error());
    look_again();
    lock.lock();
    const bool full = node_->committer().full();
    if (!full && !node_->committer().low_on_space()) continue;
    commit_wanted_.wait_for(lock, span(kRetryFull),
                            [&] { return commits_end_ || (commit_waits_ && !full); });
    lock.unlock();
    node_->regain_space();
    lock.lock();
    commit_waits_ = !commits_end_;
  }
}

void RealDrive::maintenance_loop() {
  uint64_t seen = 0;
  int calm_rounds = 0;
  std::unique_lock lock(maintenance_mutex_);
  const auto changed = [&] { return stopping_ || node_->committer().commits() != seen; };
  while (!stopping_) {
    lock.unlock();
    const auto more = node_->maintain();
    if (!more) return fail(more.error());
    lock.lock();
    if (*more) continue;
    if (changed()) {
      seen = node_->committer().commits();
      calm_rounds = 0;
      maintenance_wanted_.wait_for(lock, span(kUnderLoad), [&] { return stopping_.load(); });
    } else if (++calm_rounds < 3) {
      maintenance_wanted_.wait_for(lock, span(kWhenCalm), changed);
    } else {
      maintenance_wanted_.wait(lock, changed);
    }
  }
}

// --- time

// When it will be `at` by whatever says that it is `now`, if nobody sets that.
Duration RealDrive::boot_time_of(Instant at, Instant now) const {
  if (at.is_never()) return {INT64_MAX};
  return {(Instant{clock_.since_boot().ms} + (at - now)).ms};
}

void RealDrive::call_at(Instant at, std::function<void()> work, bool watchdog) {
  ++activity_;
  const Duration rings_at = boot_time_of(at, clock_.now());
  {
    const std::lock_guard lock(timer_mutex_);
    if (!watchdog) ++alarms_that_matter_;
    alarms_.push({rings_at, alarms_set_++, std::move(work), watchdog});
  }
  wake_timer_by(rings_at);
}

void RealDrive::wake_timer_by(Duration at) {
  {
    const std::lock_guard lock(timer_mutex_);
    if (at >= timer_wakes_at_) return;
    timer_wakes_at_ = at;
  }
  timer_changed_.notify_one();
}

// True: an alarm rang, there may be more.
bool RealDrive::ring_one() {
  Alarm alarm;
  {
    const std::lock_guard lock(timer_mutex_);
    if (alarms_.empty() || alarms_.top().at > clock_.since_boot()) return false;
    alarm = alarms_.top();
    alarms_.pop();
  }
  alarm.work();
  ++activity_;
  const std::lock_guard lock(timer_mutex_);
  if (!alarm.watchdog) --alarms_that_matter_;
  return true;
}

Duration RealDrive::next_wake() const {
  const Duration due = boot_time_of(node_->next_due(), node_->committer().engine_time());
  return alarms_.empty() ? due : std::min(due, alarms_.top().at);
}

// What waits for a person's word is looked at often: it may just have been given.
Duration RealDrive::longest_nap() {
  const bool doubted = watched_ && !watched_->believed();
  const bool held = node_->sends_held();
  if (!doubted && !held) return kLongestNap;
  const bool believed = doubted && watched_->look();
  if (believed) node_->go_on(Halt::clock);
  const bool released = held && node_->look_at_hold();
  return believed || released ? Duration{} : kWhenCalm;
}

void RealDrive::timer_loop() {
  while (!stopping_) {
    while (!stopping_ && ring_one()) {
    }
    if (failure()) {
      node_->wake_due();
      node_->grant_slots();
    }
    look_again();
    std::unique_lock lock(timer_mutex_);
    timer_wakes_at_ = next_wake();
    while (!stopping_) {
      const Duration now = clock_.since_boot();
      const Duration longest = longest_nap();
      if (timer_wakes_at_ <= now || longest == Duration{}) break;
      // After a nap everything is looked at anew: what is due is due by engine time.
      const auto nap = span(std::min(timer_wakes_at_ - now, longest));
      if (timer_changed_.wait_for(lock, nap) == std::cv_status::timeout) break;
    }
  }
}

// --- the end

bool RealDrive::settled() const {
  return busy_shards_ == 0 && (node_->committer().idle() || node_->committer().full());
}

bool RealDrive::quiet() const {
  return busy_shards_ == 0 && node_->committer().idle() && node_->open_operations() == 0;
}

bool RealDrive::idle() const {
  if (!quiet() || node_->anyone_waits() || !node_->next_due().is_never()) return false;
  if (node_->committer().low_on_space()) return false;  // much may be due
  const std::lock_guard lock(timer_mutex_);
  return alarms_that_matter_ == 0;
}

void RealDrive::look_again() {
  { const std::lock_guard lock(state_mutex_); }
  state_changed_.notify_all();
}

// What passes from hand to hand may be in nobody's for a moment: it must hold twice, and nothing
// may have happened in between.
void RealDrive::wait_until(Instant until, bool (RealDrive::*done)() const) {
  std::unique_lock lock(state_mutex_);
  while (failure_) {
    const uint64_t before = activity_;
    const bool looks_done = (this->*done)();
    const Instant now = clock_.now();
    if (!looks_done && now >= until) return;
    const Duration nap = looks_done ? kSettled : std::min(until - now, kWhenCalm);
    state_changed_.wait_for(lock, span(nap));
    if (looks_done && before == activity_ && (this->*done)()) return;
  }
}

Status RealDrive::run_until_idle(Instant until) {
  wait_until(until, &RealDrive::over);
  return failure();
}

void RealDrive::interrupt() {
  node_->halt(Halt::stopping);
  node_->close_to_sources();
  interrupted_ = true;
  look_again();
}

Status RealDrive::stop(Duration patience) {
  if (threads_.empty()) return failure();
  node_->close_to_sources();
  wait_until(clock_.now() + patience, &RealDrive::quiet);
  {
    const std::scoped_lock lock(timer_mutex_, maintenance_mutex_);
    stopping_ = true;
  }
  timer_changed_.notify_all();
  maintenance_wanted_.notify_all();
  wait_until(Instant::never(), &RealDrive::settled);
  over_ = true;  // what becomes durable from now on is left to the next start
  {
    const std::lock_guard lock(commit_mutex_);
    commits_end_ = true;
  }
  commit_wanted_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  workers_.stop();
  at_work_ = false;
  static_cast<void>(tasks_ended_.load());  // orders their last words before whatever follows
  return failure();
}

}  // namespace relance
