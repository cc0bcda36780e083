#include "net/multi_events.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace relance {
namespace {

constexpr int kReadyAtOnce = 64;
constexpr int64_t kLongestSleepMs = 60'000;
constexpr int kBlindMs = 100;

}  // namespace

MultiEvents::MultiEvents(CURLM* multi)
    : multi_(multi),
      sockets_(epoll_create1(EPOLL_CLOEXEC)),
      woken_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event wakes{EPOLLIN, {.fd = woken_}};
  epoll_ctl(sockets_, EPOLL_CTL_ADD, woken_, &wakes);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &MultiEvents::watch);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &MultiEvents::set_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

MultiEvents::~MultiEvents() {
  if (sockets_ >= 0) close(sockets_);
  if (woken_ >= 0) close(woken_);
}

int MultiEvents::watch(CURL*, curl_socket_t socket, int what, void* self, void*) {
  const int sockets = static_cast<MultiEvents*>(self)->sockets_;
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(sockets, EPOLL_CTL_DEL, socket, nullptr);
    return 0;
  }
  epoll_event wanted{0, {.fd = socket}};
  if (what & CURL_POLL_IN) wanted.events |= EPOLLIN;
  if (what & CURL_POLL_OUT) wanted.events |= EPOLLOUT;
  if (epoll_ctl(sockets, EPOLL_CTL_MOD, socket, &wanted) == 0) return 0;
  return epoll_ctl(sockets, EPOLL_CTL_ADD, socket, &wanted) == 0 ? 0 : -1;
}

int MultiEvents::set_timer(CURLM*, long ms, void* self) {
  auto& events = *static_cast<MultiEvents*>(self);
  events.due_.reset();
  if (ms >= 0) events.due_ = events.clock_.since_boot() + milliseconds(ms);
  return 0;
}

int MultiEvents::sleep_ms() const {
  if (!due_) return static_cast<int>(kLongestSleepMs);
  return static_cast<int>(
      std::clamp<int64_t>((*due_ - clock_.since_boot()).ms, 0, kLongestSleepMs));
}

void MultiEvents::act() {
  if (!ok()) {  // nothing is watched, and nobody can wake it
    curl_multi_poll(multi_, nullptr, 0, kBlindMs, nullptr);
    return;
  }
  std::array<epoll_event, kReadyAtOnce> ready;
  const int count = epoll_wait(sockets_, ready.data(), kReadyAtOnce, sleep_ms());
  int running = 0;
  for (int i = 0; i < count; ++i) {
    const epoll_event& one = ready[static_cast<size_t>(i)];
    if (one.data.fd == woken_) {
      eventfd_t times = 0;
      eventfd_read(woken_, &times);
      continue;
    }
    int what = 0;
    if (one.events & EPOLLIN) what |= CURL_CSELECT_IN;
    if (one.events & EPOLLOUT) what |= CURL_CSELECT_OUT;
    if (one.events & (EPOLLERR | EPOLLHUP)) what |= CURL_CSELECT_ERR;
    curl_multi_socket_action(multi_, one.data.fd, what, &running);
  }
  if (!due_ || clock_.since_boot() < *due_) return;
  due_.reset();  // libcurl sets it anew, where it still wants one
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
}

void MultiEvents::wake() { eventfd_write(woken_, 1); }

}  // namespace relance
