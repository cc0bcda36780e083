// Customers who are called: they hear, answer, stay silent, say what nobody understands, hang up.
//
// Threads: one.
#pragma once

#include <functional>
#include <map>

#include "plugins/performer.h"
#include "sim/world/agenda.h"
#include "sim/world/chance.h"
#include "sim/world/world_clock.h"

namespace relance {

class Callers {
 public:
  // How a call ended, in the channel's word.
  using Ended = std::function<void(const std::string& word)>;

  Callers(uint64_t seed, const WorldClock& clock, Agenda& agenda)
      : clock_(clock), agenda_(agenda), chance_(seed, "callers") {}

  // The process is gone, and with it every line that it held.
  void hang_up() { calls_.clear(); }
  // Somebody picked up.
  void begin(const Key& customer, const Key& touch, Inbox& inbox, Ended ended);
  void perform(const Perform& turn);
  void understand(const Understand& question, Inbox& inbox);
  bool end(const Key& touch, const std::string& word);

 private:
  struct Call {
    uint64_t number = 0;
    Key customer;
    Inbox* inbox = nullptr;
    Ended ended;
  };
  void later(const Key& touch, Duration after, std::function<void(Call&)> work);
  HeardInput reply(const Perform& turn);

  const WorldClock& clock_;
  Agenda& agenda_;
  Chance chance_;
  uint64_t calls_begun_ = 0;
  std::map<Key, Call> calls_;
};

}  // namespace relance
