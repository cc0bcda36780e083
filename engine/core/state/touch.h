// A touch: one attempt to reach a customer, or to charge, or a conditional operation on a
// connector. What the customer's ledger keeps of each is what the gate and the flows look back at;
// what it holds while open is what a repeat needs.
#pragma once

#include <cstdint>
#include <string>

#include "base/box.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/seal.h"
#include "base/word.h"
#include "core/graph/flow.h"

namespace relance {

// What the provider's side of a channel can promise; declared by the plugin, made stricter by
// configuration only.
enum class DeliveryClass : uint8_t { blind, lookup, keyed, repeatable };
std::string_view delivery_class_name(DeliveryClass delivery);
bool delivery_class_from(std::string_view name, DeliveryClass& delivery);

enum class TouchState : uint8_t {
  intended,  // durable; on its way or about to be
  unknown,   // it may have happened; being settled as its class says
  parked,    // cannot be settled by us: counted as sent, a person was told
  done,      // outcome known
};
std::string_view touch_state_name(TouchState state);

enum class TouchWhat : uint8_t {
  message,    // reaches the customer: e-mail, SMS, call, letter
  charge,     // a payment attempt
  operation,  // act, hold, undo, record: a connector writes; counts for nothing in contact rules
  offer,      // of a human queue's item to its desk: a channel to the team, not to the customer
};

// What is kept of a touch while it is open, for its repeats; dropped with the outcome.
struct OpenTouch {
  Sealed frozen;  // everything a repeat needs (FrozenTouch in core/run/frozen.h)
  uint64_t effect_hash =
      0;                // of plugin build and configuration: a repeat by another build is a look-up
  int64_t boot_ms = 0;  // time since boot when intended: the key's age is the larger of two clocks'
  Instant settle_at = Instant::never();  // when to look up, ask again or park; never: on the wire
  int64_t waits_since_ms = 0;            // time since boot when the wait for a look-up began
  uint8_t attempts = 0;                  // transport attempts and look-ups so far
  Sealed refs;                           // the provider's ids, as a list of texts
  // Of the eight contacts before this one, newest first, whose outcome was known at the intent: the
  // lowest bit is the newest's. And was there a profile?
  uint8_t answered = 0;
  bool had_profile = false;
  // The run's event, the profile and the flow's version as they were at the intent, where they have
  // changed or gone since; empty: as they are now.
  Sealed event, profile;
  Key version;
  bool operator==(const OpenTouch&) const = default;
};

struct Touch {
  Key key;  // derived from (installation, run, step, try); the provider's idempotency key
  Key run;  // none: the customer's own, news of a contact for the CRM (core/run/write_back.h)
  StepIndex step = kNoStep;
  uint8_t try_no = 0;
  TouchWhat what = TouchWhat::message;
  TouchState state = TouchState::intended;
  DeliveryClass delivery = DeliveryClass::blind;
  Purpose purpose = Purpose::service;
  bool requested = false;
  Currency cost_currency;
  uint32_t answered_s = 0;  // seconds from the intent to the customer's answer, and one; 0: none
  Word flow, step_name;
  Word channel;       // name in the bundle: "email"; of an operation the connector's
  Word channel_kind;  // "email", "sms", "voice", "retry", "connector"
  uint64_t address =
      0;  // hash of the normalised mailbox or number; of a charge, of the charged key
  Instant intended_at, done_at;
  Word outcome, reason;  // once done
  int64_t cost_micro = 0;
  Box<OpenTouch> held;

  bool open() const { return state == TouchState::intended || state == TouchState::unknown; }
  bool is_contact() const { return what == TouchWhat::message; }
  // Of him or of his money; the others are the house's own affairs.
  bool reaches_customer() const { return what == TouchWhat::message || what == TouchWhat::charge; }
  bool of_customer() const { return run == Key{}; }
  bool operator==(const Touch&) const = default;
};

}  // namespace relance
