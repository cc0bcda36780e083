// When libcurl has something to do: a socket of a multi handle that is ready, or a limit of time of
// its own that is over. Transfers that stand still cost nothing, however many there are.
// Internal to this room.
//
// Threads: wake() any; all else that of the multi handle. Blocks: act(), until there is something.
#pragma once

#include <curl/curl.h>

#include <optional>

#include "base/clock.h"

namespace relance {

class MultiEvents {
 public:
  // Lives as long as transfers are added to `multi`, which it does not own.
  explicit MultiEvents(CURLM* multi);
  ~MultiEvents();
  MultiEvents(const MultiEvents&) = delete;
  MultiEvents& operator=(const MultiEvents&) = delete;

  bool ok() const { return sockets_ >= 0 && woken_ >= 0; }  // false: no file handle was left

  void act();   // sleeps, and lets libcurl go on with what is ready
  void wake();  // ends a sleep, or the next one

 private:
  static int watch(CURL* easy, curl_socket_t socket, int what, void* self, void* of_socket);
  static int set_timer(CURLM* multi, long ms, void* self);
  int sleep_ms() const;

  CURLM* const multi_;
  int sockets_, woken_;  // an epoll and an eventfd
  SystemClock clock_;
  std::optional<Duration> due_;  // since boot: libcurl wants to be called then
};

}  // namespace relance
