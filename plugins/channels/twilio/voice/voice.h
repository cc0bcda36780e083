// Calls over the provider's Calls resource: a thin carrier of turns. The engine runs the script.
//
// A call lives from its send until the provider says that it is over. Callbacks carry the touch's
// key, so they are understood also before the dialling was answered, and when that answer is lost.
// A call of which nothing is heard for too long is asked after. Threads: as the instance.
#pragma once

#include <relance/inbound.h>

#include <memory>
#include <unordered_map>

#include "call.h"
#include "channels/twilio/shared/account.h"
#include "kit/complete.h"
#include "kit/prices.h"
#include "kit/timers.h"
#include "setting.h"

namespace twilio {

class Voice {
 public:
  Voice(const rl_host* host, std::string_view config) : Voice(host, kit::Json(config)) {}

  void estimate(const rl_touch& touch, rl_cost& cost) const;
  void send(rl_op op, const rl_touch& touch);
  void cancel(rl_op op);
  void lookup(rl_op op, const rl_touch& touch, const rl_str* refs, size_t refs_count);
  void perform(rl_op op, const rl_do& what);
  void on_io(rl_op op, uint64_t tag, const rl_reply& reply);
  void on_timer(uint64_t tag) { timers_.fire(tag); }
  void on_request(rl_op op, const rl_request& request);

 private:
  Voice(const rl_host* host, const kit::Json& config);

  // --- voice.cpp: dialling, ending
  kit::Form form_of(const rl_touch& touch) const;
  void dialled(Call& call, const rl_reply& reply);
  void hang_up(Call& call);
  void watch(rl_op send);
  void asked_after(Call& call, const rl_reply& reply);
  void end(Call& call, std::string_view status, std::string_view answered_by, int64_t sip,
           int64_t duration_s);
  void drop_turns(Call& call);
  std::string data_of(const Call& call, int64_t duration_s) const;
  Call* find(rl_op send);
  Call* find(const rl_key& key);

  // --- turns.cpp: what is said next
  void give(Call& call);
  void answer_held(Call& call, const std::string& document);
  void hold(Call& call, rl_op request);
  std::string next_document(Call& call);
  std::string machine_document(Call& call) const;
  bool add_turn(Call& call, class Twiml& twiml, const Turn& turn);
  void add_question(Call& call, class Twiml& twiml, const Turn& turn);
  bool add_transfer(Call& call, class Twiml& twiml, const Turn& turn);
  std::string link(const Call& call, std::string_view what) const;
  std::string_view language_of(const Call& call, const rl_do* what) const;
  int64_t patience_ms(const Call& call) const;

  // --- inbound.cpp: what the provider asks and tells
  void go_on(Call& call, std::string_view what, const kit::Form& form);
  void pick_up(Call& call, const kit::Form& form);
  void hear(Call& call, const kit::Form& form);
  void tell(const Call& call, uint32_t kind, uint32_t turn, std::string_view text,
            std::string_view data);
  void transfer_over(Call& call, bool taken);
  void take_status(rl_op op, Call* call, const kit::Form& form);
  void say(rl_op request, std::string_view document) const;

  // --- lookup.cpp
  struct Lookup {
    const rl_touch* touch;
    int pages = 0;
  };
  void list(rl_op op);
  void found(rl_op op, uint64_t tag, const rl_reply& reply);
  void found_list(rl_op op, const kit::Value* root);
  void end_lookup(rl_op op, const kit::Value* call);
  void end_lookup(rl_op op, const kit::Ending& ending);

  const rl_host* host_;
  Account account_;
  kit::Prices prices_;
  Setting setting_;
  kit::Timers timers_;
  std::unordered_map<rl_op, std::unique_ptr<Call>> calls_;
  std::unordered_map<std::string, rl_op> by_key_;
  std::unordered_map<rl_op, Lookup> lookups_;
};

// Requests of the instance.
enum Tag : uint64_t { kDial = 1, kHangUp = 2, kWatch = 3, kOne = 4, kList = 5 };

}  // namespace twilio
