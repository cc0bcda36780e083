#include "node/lanes.h"

#include <cmath>
#include <tuple>

namespace relance {
namespace {

// A slot that was granted late, by the grain of clocks and timers, does not slow the pace.
constexpr double kCatchUpMs = 2;

}  // namespace

bool Lanes::Before::operator()(const Want& a, const Want& b) const {
  return std::tie(a.priority, a.deadline, a.due, a.customer, a.run, a.step) <
         std::tie(b.priority, b.deadline, b.due, b.customer, b.run, b.step);
}

Lanes::Lane& Lanes::lane(std::string_view channel) {
  auto it = lanes_.find(channel);
  if (it == lanes_.end()) it = lanes_.emplace(std::string(channel), Lane{}).first;
  return it->second;
}

bool Lanes::in_time(double& ready_at_ms, double gap_ms, Instant now) {
  const auto now_ms = static_cast<double>(now.ms);
  if (ready_at_ms > now_ms) return false;
  ready_at_ms = std::max(ready_at_ms, now_ms - kCatchUpMs) + gap_ms;
  return true;
}

bool Lanes::admit(Lane& lane, Instant now) {
  if (lane.in_flight >= lane.limits.most_in_flight || now < lane.again_at) return false;
  const double per_second = lane.limits.per_second;
  if (per_second > 0 && !in_time(lane.ready_at_ms, 1000.0 / per_second, now)) return false;
  ++lane.in_flight;
  return true;
}

void Lanes::limit(const std::string& channel, LaneLimits limits) {
  const std::lock_guard lock(mutex_);
  lane(channel).limits = limits;
}

void Lanes::pace(std::string_view channel, Instant again_at) {
  const std::lock_guard lock(mutex_);
  Lane& one = lane(channel);
  one.again_at = std::max(one.again_at, again_at);
}

bool Lanes::take(const Want& want) {
  if (!immediate_ || halted() || want.per_minute > 0) return false;
  const std::lock_guard lock(mutex_);
  Lane& one = lane(want.channel);
  return one.waiting.empty() && admit(one, want.due);
}

void Lanes::occupy(std::string_view channel) {
  const std::lock_guard lock(mutex_);
  ++lane(channel).in_flight;
}

void Lanes::queue(Want want) {
  const std::lock_guard lock(mutex_);
  auto& waiting = want.per_minute > 0 ? paces_[want.paced].waiting : lane(want.channel).waiting;
  if (waiting.insert(std::move(want)).second) ++waiting_;
}

void Lanes::give_back(std::string_view channel) {
  const std::lock_guard lock(mutex_);
  Lane& one = lane(channel);
  if (one.in_flight > 0) --one.in_flight;
}

void Lanes::let_paced_ones_go(Instant now) {
  for (auto& [flow, pace] : paces_) {
    while (!pace.waiting.empty()) {
      const Want& first = *pace.waiting.begin();
      if (!in_time(pace.ready_at_ms, 60'000.0 / first.per_minute, now)) break;
      if (!lane(first.channel).waiting.insert(first).second) --waiting_;
      pace.waiting.erase(pace.waiting.begin());
    }
  }
}

std::vector<Want> Lanes::grant(Instant now) {
  const std::lock_guard lock(mutex_);
  std::vector<Want> granted;
  if (halted()) return granted;
  let_paced_ones_go(now);
  for (auto& [name, one] : lanes_) {
    while (!one.waiting.empty() && admit(one, now)) {
      granted.push_back(*one.waiting.begin());
      one.waiting.erase(one.waiting.begin());
      --waiting_;
    }
  }
  return granted;
}

std::vector<LaneFigures> Lanes::figures() const {
  const std::lock_guard lock(mutex_);
  std::vector<LaneFigures> all;
  for (const auto& [name, one] : lanes_)
    all.push_back(
        {name, one.waiting.size(), one.in_flight, one.limits.most_in_flight, one.again_at});
  return all;
}

std::vector<std::pair<std::string, size_t>> Lanes::paced() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, size_t>> all;
  for (const auto& [flow, pace] : paces_) all.emplace_back(flow, pace.waiting.size());
  return all;
}

Instant Lanes::next_chance() const {
  const std::lock_guard lock(mutex_);
  Instant next = Instant::never();
  if (halted()) return next;
  for (const auto& [name, one] : lanes_) {
    if (one.waiting.empty() || one.in_flight >= one.limits.most_in_flight) continue;
    next = std::min(
        next, std::max(one.again_at, Instant{static_cast<int64_t>(std::ceil(one.ready_at_ms))}));
  }
  for (const auto& [flow, pace] : paces_)
    if (!pace.waiting.empty())
      next = std::min(next, Instant{static_cast<int64_t>(std::ceil(pace.ready_at_ms))});
  return next;
}

}  // namespace relance
