// Text messages over the provider's Messages resource: out, looked up, and what it reports of them.
//
// A send completes when the provider has taken the message; what became of it comes as a receipt on
// the touch's callback URL, in any order and any number of times: only the final word is emitted,
// with an id of its own. Threads: as the instance.
#pragma once

#include <relance/channel.h>
#include <relance/inbound.h>

#include <string>
#include <unordered_map>

#include "channels/twilio/shared/account.h"
#include "kit/prices.h"

namespace twilio {

class Sms {
 public:
  Sms(const rl_host* host, std::string_view config) : Sms(host, kit::Json(config)) {}

  void estimate(const rl_touch& touch, rl_cost& cost) const;
  void send(rl_op op, const rl_touch& touch);
  void lookup(rl_op op, const rl_touch& touch, const rl_str* refs, size_t refs_count);
  void on_io(rl_op op, uint64_t tag, const rl_reply& reply);
  void on_request(rl_op op, const rl_request& request) const;

 private:
  Sms(const rl_host* host, const kit::Json& config);

  struct Lookup {
    const rl_touch* touch;  // lives until the operation completes
    int pages = 0;
  };

  std::string text_of(const rl_touch& touch) const;
  kit::Form form_of(const rl_touch& touch, const std::string& text) const;
  void sent(rl_op op, const rl_reply& reply) const;
  void found_one(rl_op op, const rl_reply& reply);
  void found_list(rl_op op, const rl_reply& reply);
  void list(rl_op op);
  void end_with(rl_op op, const kit::Value* message) const;
  const kit::Value* match(const kit::Value* messages, const rl_touch& touch, bool& older) const;
  void take_receipt(rl_op op, const rl_request& request, const kit::Form& form) const;
  void take_message(rl_op op, const kit::Form& form) const;

  const rl_host* host_;
  Account account_;
  kit::Prices prices_;
  std::string from_, service_;
  size_t most_segments_;
  bool simplify_;
  std::unordered_map<rl_op, Lookup> lookups_;
};

}  // namespace twilio
