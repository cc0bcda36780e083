#include "node/stop_request.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "base/log.h"
#include "base/result.h"

namespace relance {
namespace {

constexpr int kForEver = -1;

void set(int event) { RELANCE_ASSERT(eventfd_write(event, 1) == 0); }

[[noreturn]] void end_now(const char* why) {
  log::error("run", "{}: ended at once; everything acknowledged is kept", why);
  std::_Exit(StopRequest::kCutShort);
}

}  // namespace

StopRequest::StopRequest(Duration deadline, Hangup hangup) : deadline_(deadline) {
  sigset_t ours;
  sigemptyset(&ours);
  sigaddset(&ours, SIGTERM);
  sigaddset(&ours, SIGINT);
  if (hangup == Hangup::is_told) sigaddset(&ours, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &ours, &before_);
  signals_ = signalfd(-1, &ours, SFD_CLOEXEC);
  asked_ = eventfd(0, EFD_CLOEXEC);
  over_ = eventfd(0, EFD_CLOEXEC);
  RELANCE_ASSERT(signals_ >= 0 && asked_ >= 0 && over_ >= 0);
  thread_ = std::thread([this] { watch(); });
}

StopRequest::~StopRequest() {
  set(over_);
  thread_.join();
  for (const int handle : {signals_, asked_, over_}) ::close(handle);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool StopRequest::asked() const {
  pollfd handle{asked_, POLLIN, 0};
  return ::poll(&handle, 1, 0) == 1;
}

void StopRequest::ask() { set(asked_); }

void StopRequest::then(std::function<void()> stop) {
  const std::lock_guard lock(mutex_);
  stop_ = std::move(stop);
  if (stop_ && asked()) stop_();
}

void StopRequest::on_hangup(std::function<void()> told) {
  const std::lock_guard lock(mutex_);
  hung_up_ = std::move(told);
}

// The signal; 0: this object's end, or nothing came in time.
int StopRequest::next_signal(int wait_ms) const {
  pollfd handles[] = {{over_, POLLIN, 0}, {signals_, POLLIN, 0}};
  while (::poll(handles, 2, wait_ms) < 0 && errno == EINTR) {
  }
  if (handles[0].revents || !handles[1].revents) return 0;
  signalfd_siginfo signal{};
  return ::read(signals_, &signal, sizeof signal) == sizeof signal
             ? static_cast<int>(signal.ssi_signo)
             : 0;
}

void StopRequest::watch() {
  int first = next_signal(kForEver);
  for (; first == SIGHUP; first = next_signal(kForEver)) {
    const std::lock_guard lock(mutex_);
    if (hung_up_) hung_up_();
  }
  if (first == 0) return;
  log::warn("run", "SIG{}: stopping; what is under way has {} s to end", sigabbrev_np(first),
            deadline_.ms / 1000);
  {
    const std::lock_guard lock(mutex_);
    set(asked_);
    if (stop_) stop_();
  }
  int second = next_signal(static_cast<int>(deadline_.ms));
  while (second == SIGHUP) second = next_signal(static_cast<int>(deadline_.ms));
  if (second != 0) end_now("a second signal");
  pollfd over{over_, POLLIN, 0};
  if (::poll(&over, 1, 0) != 1) end_now("the time to stop is over");
}

}  // namespace relance
