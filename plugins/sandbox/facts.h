// What the sandbox reads from a touch, as text of its own: reactions outlive the touch.
#pragma once

#include <relance/channel.h>

#include <array>
#include <cstdint>
#include <string>

namespace sandbox {

struct Facts {
  std::string key;  // 26 characters
  rl_key raw_key{};
  std::string customer, address, segment;
  std::string action, code;  // of the decline, if there was one
  std::string decline;       // the decline as JSON
  std::string bill_event;    // what happens when it is paid: payment.succeeded, order.paid
  std::string bill;          // that event's data as JSON; empty: nothing says what is to be paid
  std::string bill_id;
  uint32_t try_no = 1;
  bool talks = false;       // a call with a script, or with nothing else to say
  bool link = false;        // a part carries one
  bool requested = false;   // the customer asked for it
  bool new_method = false;  // the flow says that she gave a new card
};

Facts read_facts(const rl_touch& touch);

}  // namespace sandbox
