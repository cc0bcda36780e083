// One instance of the sandbox: a provider of one kind, with one effect ledger.
//
// Order of a send, as a real provider's: wait, act (one line in the ledger), plan what the customer
// will do, answer. A key that stands in the ledger is not acted on again where the class is keyed.
// Threads: one call at a time.
#pragma once

#include <relance/channel.h>
#include <relance/connector.h>
#include <relance/conversation.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "answer.h"
#include "behaviour.h"
#include "calls.h"
#include "customers.h"
#include "effects.h"
#include "kit/timers.h"

namespace sandbox {

class Provider {
 public:
  Provider(const rl_host* host, std::string_view config);

  void start(rl_op op);
  void on_timer(uint64_t tag) { timers_.fire(tag); }

  void estimate(const rl_touch& touch, rl_cost& cost) const;
  void send(rl_op op, const rl_touch& touch);
  void cancel(rl_op op);
  void lookup(rl_op op, const rl_touch& touch);
  void perform(rl_op op, const rl_do& what) { calls_.perform(op, what); }

  void read(rl_op op, const rl_read& read) const;
  void write(rl_op op, const rl_write& write);
  void lookup(rl_op op, const rl_write& write);

 private:
  struct Sending {
    Facts facts;
    int64_t not_after = 0;
  };

  void act(rl_op op);
  void respond(rl_op op, const Facts& facts, const Answer& answer);
  void finish(rl_op op, const Facts& facts, const Answer& answer, int64_t cost_micro);
  void call_ended(const CallEnd& over);
  bool put_off(rl_op op, const std::string& key);
  bool write_effect(rl_op op, const Effect& effect);
  Answer write_answer(const rl_write& write) const;
  rl_cost cost(int64_t micro, uint32_t quality) const;

  const rl_host* host_;
  Behaviour behaviour_;
  kit::Timers timers_;
  Effects effects_;
  Customers customers_;
  Calls calls_;
  std::unordered_map<rl_op, Sending> sending_;
  std::unordered_set<std::string> under_way_;  // keys
  std::unordered_set<std::string> put_off_;    // keys that were asked to come back once
  std::unordered_map<std::string, std::string> call_words_;  // how answered calls ended, by key
};

}  // namespace sandbox
