// What a touch asks to be charged: an invoice or a payment intent, as text of its own, since it
// outlives the call.
#pragma once

#include <relance/channel.h>

#include <string>
#include <string_view>

namespace stripe {

struct Bill {
  enum class Kind : uint8_t { none, invoice, intent } kind = Kind::none;
  std::string id;              // "in_1", "pi_1"
  std::string payment_method;  // empty: the one that Stripe would take
  std::string problem;         // why it is none
};

// What may become part of a path.
bool is_id(std::string_view id);

// From the step's data first, then the run's keys, then its event: `payment_intent_id`, else
// `invoice_id`, which may name a payment intent too.
Bill read_bill(const rl_touch& touch);

// Of the run's event or the step's data; 0 and "" where none is told.
struct Amount {
  int64_t minor = 0;
  std::string currency;
};
Amount read_amount(const rl_touch& touch);

}  // namespace stripe
