// Calls that somebody answered: carries the engine's turns to a customer who answers by shares.
//
// A call lives from the send until it ends: by the engine's RL_END, because she hangs up, or
// because nothing was said for ten minutes. Its send completes then, and only then.
#pragma once

#include <relance/conversation.h>

#include <deque>
#include <functional>
#include <set>
#include <string>
#include <unordered_map>

#include "behaviour.h"
#include "facts.h"
#include "kit/timers.h"

namespace sandbox {

// How a call went.
struct CallEnd {
  rl_op send = 0;
  Facts facts;
  std::string word;
  int64_t duration_ms = 0;
  bool promised = false;
};

class Calls {
 public:
  using Ended = std::function<void(const CallEnd&)>;
  Calls(const rl_host* host, const Behaviour& behaviour, kit::Timers& timers, Ended ended)
      : host_(host), behaviour_(behaviour), timers_(timers), ended_(std::move(ended)) {}

  // It rings; she picks up after half of ring_ms.
  void ring(rl_op send, const Facts& facts);
  void perform(rl_op op, const rl_do& what);
  // False: there is no such call.
  bool hang_up(rl_op send);

 private:
  struct Turn {
    rl_op op;
    const rl_do* what;  // lives until `op` completes
  };
  struct Call {
    Facts facts;
    bool up = false;
    int64_t up_at = 0, last_turn_at = 0;
    bool promised = false;
    std::deque<Turn> waiting;  // pushed before she picked up
  };

  void pick_up(rl_op send);
  void play(rl_op send, const Turn& turn);
  void listen(rl_op send, const Turn& turn);
  void hear(rl_op send, uint32_t kind, uint32_t turn, const std::string& word);
  void watch(rl_op send);
  void end(rl_op send, const std::string& word);
  std::string answer_of(const Call& call, const rl_do& what) const;

  const rl_host* host_;
  const Behaviour& behaviour_;
  kit::Timers& timers_;
  Ended ended_;
  std::unordered_map<rl_op, Call> calls_;
};

}  // namespace sandbox
