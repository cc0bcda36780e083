#include "net/circuit.h"

#include <algorithm>

namespace relance {
namespace {

constexpr size_t kMostHosts = 10'000;

}  // namespace

Duration Circuits::closed_for(std::string_view host, Duration now) {
  const std::lock_guard lock(mutex_);
  const auto it = hosts_.find(host);
  if (it == hosts_.end() || it->second.failures < limits_.failures) return {};
  Host& state = it->second;
  if (now < state.until) return state.until - now;
  state.trial = true;
  state.until = now + state.pause;
  return {};
}

void Circuits::connected(std::string_view host) {
  const std::lock_guard lock(mutex_);
  if (const auto it = hosts_.find(host); it != hosts_.end()) hosts_.erase(it);
}

void Circuits::failed(std::string_view host, Duration now) {
  const std::lock_guard lock(mutex_);
  if (hosts_.size() >= kMostHosts) forget_old(now);
  Host& state = hosts_[std::string(host)];
  if (++state.failures < limits_.failures) return;
  if (state.failures == limits_.failures)
    state.pause = limits_.first_pause;
  else if (state.trial)
    state.pause = std::min(state.pause * 2, limits_.longest_pause);
  else
    return;  // it had begun before the pause
  state.trial = false;
  state.until = now + state.pause;
}

void Circuits::forget_old(Duration now) {
  std::erase_if(hosts_, [now](const auto& entry) { return entry.second.until <= now; });
}

}  // namespace relance
