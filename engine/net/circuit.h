// A circuit breaker per host. After some connection failures in a row, requests to the host fail at
// once for a pause that doubles with each trial in vain: a host that is down costs neither its own
// requests their time limit nor anybody else connections.
//
// Threads: any. Units: `now` is time since boot, so that a clock that is set changes nothing.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace relance {

struct CircuitLimits {
  int failures = 5;  // in a row
  Duration first_pause = seconds(1), longest_pause = minutes(1);
};

class Circuits {
 public:
  explicit Circuits(CircuitLimits limits) : limits_(limits) {}

  // For how long requests to this host still fail; zero: this one may go. When a pause is over one
  // may go as a trial, and until it has connected the next only after another such pause.
  Duration closed_for(std::string_view host, Duration now);
  void connected(std::string_view host);
  void failed(std::string_view host, Duration now);

 private:
  struct Host {
    int failures = 0;
    Duration pause, until;
    bool trial = false;
  };
  void forget_old(Duration now);

  CircuitLimits limits_;
  std::mutex mutex_;
  std::map<std::string, Host, std::less<>> hosts_;  // those that failed last
};

}  // namespace relance
